import { validateClusterConfig } from "../config/load.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { InputError, RefusedError } from "../errors.ts";
import type { Proposal } from "./proposal.ts";

/** Counts up when a file of an older tool could no longer be carried out. */
const format = 1;

/** A plan as `plan --out` writes it: enough to make it again, and to see that nothing has changed since. */
export interface SavedPlan {
  readonly ekstoolPlan: typeof format;
  /** Of the tool that made it. */
  readonly version: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly prune: boolean;
  readonly fingerprint: string;
  readonly config: ClusterConfig;
  /** For people and programs to read; what counts is the fingerprint. */
  readonly items: readonly PlanItem[];
}

export function savedPlan(
  proposal: Proposal,
  from: { readonly config: ClusterConfig; readonly prune: boolean; readonly version: string },
): SavedPlan {
  return {
    ekstoolPlan: format,
    version: from.version,
    account: proposal.caller.account,
    region: proposal.owner.region,
    cluster: proposal.owner.cluster,
    prune: from.prune,
    fingerprint: proposal.fingerprint,
    config: from.config,
    items: proposal.items,
  };
}

/** @throws InputError for what is no saved plan, or one of another tool version's format. */
export function readSavedPlan(text: string, name: string): SavedPlan {
  const data = parse(text);
  if (typeof data !== "object" || data === null || !("ekstoolPlan" in data)) {
    throw new InputError(`${name} is not a plan saved by \`ekstool plan --out\``, {
      hint: "for a ClusterConfig file use `ekstool apply -f FILE`",
    });
  }
  if (!isSavedPlan(data)) {
    throw new InputError(`${name} was saved by another version of ekstool, which this one does not understand`, {
      hint: "make the plan again with `ekstool plan --out`",
    });
  }
  return { ...data, config: validateClusterConfig(data.config, name) };
}

function isSavedPlan(data: object): data is SavedPlan {
  const texts = ["version", "account", "region", "cluster", "fingerprint"];
  return (
    Reflect.get(data, "ekstoolPlan") === format &&
    typeof Reflect.get(data, "prune") === "boolean" &&
    texts.every((key) => typeof Reflect.get(data, key) === "string")
  );
}

/** @throws RefusedError when carrying the plan out would no longer do what it says. */
export function assertUnchanged(saved: SavedPlan, proposal: Proposal): void {
  if (saved.account !== proposal.caller.account) {
    throw new RefusedError(
      `the plan was made for the AWS account ${saved.account}; these are credentials of ${proposal.caller.account}`,
      { hint: "use the other account's profile (--profile)" },
    );
  }
  if (saved.fingerprint !== proposal.fingerprint) {
    throw new RefusedError("the plan is stale: something has changed in AWS since it was made", {
      hint: "make the plan again with `ekstool plan --out`, and look at it",
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A YAML file, or no text at all: not a saved plan, which the caller says.
    return undefined;
  }
}
