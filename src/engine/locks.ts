import { interrupted } from "./interruption.ts";
import type { Lock } from "./kind.ts";

export interface Locks {
  /**
   * Resolves when all of these are held, together; gives what lets them go (once; calling it again does nothing). Whoever came
   * first gets its turn first. Rejects with InterruptedError when the run is interrupted.
   */
  acquire(locks: readonly Lock[]): Promise<() => void>;
}

interface Claim {
  readonly locks: readonly Lock[];
  readonly grant: () => void;
}

/**
 * Shared and exclusive locks by name. A claim is granted as a whole, and only when it collides neither with what is held nor
 * with an earlier claim that still waits: so nobody starves, and nobody holds one lock while waiting for another.
 */
export function createLocks(interrupt?: AbortSignal): Locks {
  const held = new Set<Claim>();
  const waiting: Claim[] = [];

  function grantAll(): void {
    const claims = waiting.splice(0);
    for (const claim of claims) {
      if ([...held, ...waiting].some((other) => collide(other, claim))) {
        waiting.push(claim);
      } else {
        held.add(claim);
        claim.grant();
      }
    }
  }

  return {
    acquire: (locks) =>
      new Promise((resolve, reject) => {
        if (interrupt?.aborted) return reject(interrupted(interrupt));
        const onInterrupt = () => {
          waiting.splice(waiting.indexOf(claim), 1);
          if (interrupt) reject(interrupted(interrupt));
          grantAll();
        };
        const release = () => {
          if (held.delete(claim)) grantAll();
        };
        const claim: Claim = {
          locks,
          grant: () => {
            interrupt?.removeEventListener("abort", onInterrupt);
            resolve(release);
          },
        };
        interrupt?.addEventListener("abort", onInterrupt, { once: true });
        waiting.push(claim);
        grantAll();
      }),
  };
}

function collide(a: Claim, b: Claim): boolean {
  return a.locks.some((one) =>
    b.locks.some((other) => one.name === other.name && (one.mode === "exclusive" || other.mode === "exclusive")),
  );
}
