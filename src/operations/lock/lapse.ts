import type { Session } from "../session.ts";
import type { LockParameter } from "./holder.ts";

/** Milliseconds without a sign of life after which a lock may be taken over, wherever its holder is. */
export const patience = 120_000;

/** The runs of this very process that hold a lock: one that is not among them has ended, however it did. */
export const runsHere = new Set<string>();

/** Why nobody keeps a lock any more; undefined while somebody may. */
export function lapse({ clock, processes }: Session, { holder, writtenAt }: LockParameter): string | undefined {
  if (holder) {
    const { self, exists } = processes();
    const { pid, started } = holder.process;
    const isSelf = pid === self.pid && started === self.started && exists(holder.process) === true;
    const lives = isSelf ? runsHere.has(holder.run) : exists(holder.process);
    if (lives === false) return `its process ${pid} on this host is no more`;
  }
  const silence = clock.now() - writtenAt;
  return silence > patience ? `nothing was heard from it for ${Math.round(silence / 1000)} s` : undefined;
}
