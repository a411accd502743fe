import type { Session } from "../session.ts";
import { type Holder, describeHolder, instant } from "./holder.ts";
import { lapse } from "./lapse.ts";
import { lockParameters } from "./parameters.ts";

/** A cluster's lock as it is found. */
export interface FoundLock {
  /** In words: the command, since when, by whom, where. */
  readonly heldBy: string;
  /** Null where the parameter is none of ours. */
  readonly holder: Holder | null;
  /** ISO 8601, by AWS's clock. */
  readonly lastHeard: string;
  /** Why nobody keeps it any more; null while somebody may. */
  readonly lapsed: string | null;
  /** Takes it away, whoever holds it: a run that does stops before its next change. */
  release(): Promise<void>;
}

/** The lock of a cluster, whether the cluster exists or not; undefined where nobody holds one. */
export async function findLock(session: Session, cluster: string): Promise<FoundLock | undefined> {
  const parameters = lockParameters(session.clients, { region: session.region, cluster });
  const found = await parameters.list();
  const last = found.at(-1);
  if (!last) return undefined;
  return {
    heldBy: describeHolder(last),
    holder: last.holder ?? null,
    lastHeard: instant(last.writtenAt),
    lapsed: lapse(session, last) ?? null,
    release: () => parameters.remove(found.map(({ number }) => number)),
  };
}
