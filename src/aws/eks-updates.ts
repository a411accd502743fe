import { DescribeUpdateCommand, paginateListUpdates } from "@aws-sdk/client-eks";
import type { EKSClient, ErrorDetail, Update } from "@aws-sdk/client-eks";
import type { Action, Operation, OperationStatus } from "../engine/kind.ts";
import { allow, allowWhen, ofCluster, type Where } from "./permissions.ts";

/** What an EKS update changes: the cluster itself, or one of its nodegroups, add-ons or capabilities. */
export interface UpdateTarget {
  readonly cluster: string;
  readonly nodegroup?: string;
  readonly addon?: string;
  readonly capability?: string;
}

/** The permission to see whether an update is in progress. */
export function seeingUpdates(of: UpdateType): readonly Action[] {
  return [
    ...allow("eks:ListUpdates", where(of)),
    ...allowWhen("EKS has updated it before, or is doing so", "eks:DescribeUpdate", where(of)),
  ];
}

/** The permission to follow an update to its end. */
export function followingUpdates(of: UpdateType): readonly Action[] {
  return allow("eks:DescribeUpdate", where(of));
}

type UpdateType = "cluster" | "nodegroup" | "addon" | "capability";

/** AWS asks for the cluster, and for that of it which is updated. */
function where(of: UpdateType): Where {
  return of === "cluster" ? ofCluster("cluster") : ofCluster("cluster", of);
}

/** One thing that EKS reports as wrong, whatever it calls the fields. */
export interface Issue {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly resourceIds?: readonly string[] | undefined;
}

/** `code: message (resource ids)`, the way issues and update errors are quoted everywhere. */
export function issueText({ code, message, resourceIds }: Issue): string {
  const text = [code, message?.trim()].filter(Boolean).join(": ");
  return resourceIds?.length ? `${text} (${resourceIds.join(", ")})` : text;
}

/** All issues in one line; undefined when there is none. */
export function issuesText(issues: readonly Issue[] | undefined): string | undefined {
  return issues?.length ? issues.map(issueText).join("; ") : undefined;
}

/**
 * Follows an update that EKS has accepted (DescribeUpdate). A failed or cancelled one carries EKS's reasons. `whenDone`
 * runs once, after success and before the operation is reported as done.
 */
export function updateOperation(
  eks: EKSClient,
  target: UpdateTarget,
  accepted: Update | undefined,
  whenDone?: () => Promise<void>,
): Operation {
  const updateId = accepted?.id;
  if (updateId === undefined) throw new Error("EKS accepted an update and gave no id for it");
  return {
    what: `${accepted?.type ?? "update"} ${updateId}`,
    async check() {
      const update = await describeUpdate(eks, target, updateId);
      const status = statusOf(update);
      if (status.state === "done") await whenDone?.();
      return status;
    },
  };
}

/**
 * The update that is in progress, if there is one. EKS refuses every other update then, also while DescribeCluster says
 * ACTIVE. Finished updates are remembered by client, so that each is described once.
 */
export async function runningUpdate(eks: EKSClient, target: UpdateTarget): Promise<Update | undefined> {
  const known = finishedUpdates(eks);
  for await (const page of paginateListUpdates({ client: eks }, listInput(target))) {
    const unknown = (page.updateIds ?? []).filter((id) => !known.has(id));
    const updates = await Promise.all(unknown.map((id) => describeUpdate(eks, target, id)));
    const running = updates.find((update) => statusOf(update).state === "running");
    if (running) return running;
  }
  return undefined;
}

const finishedByClient = new WeakMap<EKSClient, Set<string>>();

function finishedUpdates(eks: EKSClient): Set<string> {
  const known = finishedByClient.get(eks) ?? new Set();
  finishedByClient.set(eks, known);
  return known;
}

async function describeUpdate(eks: EKSClient, target: UpdateTarget, updateId: string): Promise<Update> {
  const { update } = await eks.send(new DescribeUpdateCommand({ ...listInput(target), updateId }));
  if (!update) throw new Error(`EKS described nothing for the update ${updateId}`);
  if (statusOf(update).state !== "running") finishedUpdates(eks).add(updateId);
  return update;
}

function listInput({ cluster, nodegroup, addon, capability }: UpdateTarget) {
  return { name: cluster, nodegroupName: nodegroup, addonName: addon, capabilityName: capability };
}

function statusOf(update: Update): OperationStatus {
  const type = update.type ?? "update";
  switch (update.status) {
    case "Successful":
      return { state: "done" };
    case "Failed":
    case "Cancelled": {
      const reasons = issuesText(update.errors?.map(asIssue)) ?? "EKS gives no reason";
      return { state: "failed", detail: `${type} ${update.status.toLowerCase()}: ${reasons}` };
    }
    default:
      return { state: "running", detail: `${type} in progress` };
  }
}

function asIssue({ errorCode, errorMessage, resourceIds }: ErrorDetail): Issue {
  return { code: errorCode, message: errorMessage, resourceIds };
}
