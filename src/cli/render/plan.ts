import { realClock } from "../../clock.ts";
import type { PlanItem, Verb } from "../../engine/plan-types.ts";
import type { Proposal } from "../../operations/proposal.ts";
import { formatEstimate } from "../duration.ts";
import { oneLine } from "../../text.ts";
import type { Style, Terminal } from "../terminal.ts";
import { changeLines } from "./change.ts";

/** Shorter work is not worth a remark. */
const slowSeconds = 60;

/** Characters of a remark that has room beside the resource. */
const shortRemark = 50;

interface Look {
  readonly mark: string;
  readonly paint: keyof Style;
  /** As it stands in the counts: `3 to create`. */
  readonly words: string;
}

const looks: Readonly<Record<Exclude<Verb, "keep">, Look>> = {
  create: { mark: "+", paint: "good", words: "to create" },
  repair: { mark: "↻", paint: "warning", words: "to repair" },
  update: { mark: "~", paint: "changed", words: "to change" },
  replace: { mark: "±", paint: "warning", words: "to replace" },
  delete: { mark: "-", paint: "bad", words: "to delete" },
  wait: { mark: "…", paint: "faint", words: "to wait for" },
  deferred: { mark: "·", paint: "faint", words: "left for later" },
  orphan: { mark: "?", paint: "warning", words: "no longer in the file" },
  refuse: { mark: "✗", paint: "bad", words: "not possible" },
  conflict: { mark: "✗", paint: "bad", words: "in conflict" },
};

/** In the order in which they are counted. */
const counted = [
  "create",
  "repair",
  "update",
  "replace",
  "delete",
  "wait",
  "deferred",
  "orphan",
  "refuse",
  "conflict",
] as const satisfies readonly Verb[];

/** The plan at a glance: whose account, one line a resource, what is slow, what interrupts, how long it takes. */
export function renderPlan(proposal: Proposal, terminal: Pick<Terminal, "style">): readonly string[] {
  return planLines(proposal, terminal).map(oneLine);
}

function planLines(proposal: Proposal, { style }: Pick<Terminal, "style">): readonly string[] {
  const [items, derived] = sections(proposal.items);
  const width = Math.max(0, ...items.map((item) => item.title.length));
  return [
    `${style.strong(proposal.title)} in ${proposal.owner.region}`,
    style.faint(`account ${proposal.caller.account}, as ${proposal.caller.arn}${expiryText(proposal.caller)}`),
    "",
    ...items.flatMap((item) => itemLines(item, width, proposal.readOnly, style)),
    ...(items.length === 0 ? [] : [""]),
    ...derivedLines(derived, style),
    ...proposal.information.map((text) => `${style.faint("note:")} ${text}`),
    ...(proposal.readOnly
      ? [style.warning("This cluster was not made by ekstool: it is compared, never changed.")]
      : []),
    ...keptLines(proposal.items, style),
    totals(proposal, style),
    ...warnings(proposal).map((text) => `${style.warning("warning:")} ${text}`),
  ];
}

/** What happens to what ekstool makes, and what to what others made for it: a section of its own, with what of it is kept. */
function sections(items: readonly PlanItem[]): readonly [readonly PlanItem[], readonly PlanItem[]] {
  const isDerived = ({ owner }: PlanItem) => owner === "derived";
  return [items.filter((item) => item.verb !== "keep" && !isDerived(item)), items.filter(isDerived)];
}

function derivedLines(items: readonly PlanItem[], style: Style): readonly string[] {
  if (items.length === 0) return [];
  const width = Math.max(...items.map((item) => item.title.length));
  return [
    style.strong("made for the cluster by Kubernetes and EKS"),
    ...items.flatMap((item) =>
      item.verb === "keep"
        ? [
            `  ${style.warning("=")} ${item.title.padEnd(width)}  ${item.name}  ${item.reason ?? ""}`,
            `      ${style.warning("kept; --volumes delete deletes it")}`,
          ]
        : itemLines(item, width, false, style),
    ),
    "",
  ];
}

function expiryText({ expiration }: Proposal["caller"]): string {
  return expiration === undefined ? "" : `; the credentials expire in ${formatEstimate(secondsUntil(expiration))}`;
}

/** What may keep the work from its end, though nothing is wrong yet. */
function warnings({ caller: { expiration }, changes, readOnly, expectSeconds }: Proposal): readonly string[] {
  if (expiration === undefined || !changes || readOnly || secondsUntil(expiration) >= expectSeconds) return [];
  const left = formatEstimate(secondsUntil(expiration));
  return [
    `the credentials expire in ${left}, before this is expected to be done; renew them now, or when the run asks for it (without a terminal it stops then, and the same command continues)`,
  ];
}

/** In real time, which credentials go by wherever the work is done. */
function secondsUntil(instant: Date): number {
  return Math.max(0, (instant.getTime() - realClock.now()) / 1000);
}

function itemLines(item: PlanItem, width: number, readOnly: boolean, style: Style): readonly string[] {
  if (item.verb === "keep") return [];
  const look = looks[item.verb];
  const leftToApply = item.verb === "update" && item.listedOnly && !readOnly;
  const remarks = [
    ...(item.expectSeconds >= slowSeconds ? [style.faint(`about ${formatEstimate(item.expectSeconds)}`)] : []),
    ...(item.interrupts ? [style.warning("interrupts what runs")] : []),
    ...(leftToApply ? [style.faint("differs; `ekstool apply` brings it in line")] : []),
  ];
  const mark = style[look.paint](look.mark);
  const head = `  ${mark} ${item.title.padEnd(width)}  ${nameOf(item, style)}`;
  // Which of several changes it is that interrupts.
  const mixed = item.changes.some((change) => !change.interrupts);
  const changes = item.changes.flatMap((change) =>
    changeLines(change).map((line) => `${line}${change.interrupts && mixed ? style.warning("  interrupts") : ""}`),
  );
  const reason = item.reason === undefined ? [] : [style[look.paint](item.reason)];
  const details = [...changes, ...reason];
  const [only] = [...changes, ...(item.reason === undefined ? [] : [item.reason])];
  // One short remark stands beside its resource: most plans have a line for each.
  if (only !== undefined && details.length === 1 && only.length <= shortRemark)
    return [[head, ...details, ...remarks].join("  ")];
  return [[head, ...remarks].join("  "), ...details.map((line) => `      ${line}`)];
}

/** What goes is known by AWS's identifier; what it was in the cluster says more. */
function nameOf({ verb, id, name, ref }: PlanItem, style: Style): string {
  const goes = verb === "delete" || verb === "orphan";
  const opaque = goes && name === ref && id !== "" && !id.endsWith(`/${name}`) && !/^(cluster|kubeconfig)$/u.test(id);
  return opaque ? `${id}  ${style.faint(name)}` : name;
}

function keptLines(items: readonly PlanItem[], style: Style): readonly string[] {
  return items.flatMap((item) =>
    item.kept.map((element) => `${style.faint("kept as others set it:")} ${item.title} ${item.name}: ${element}`),
  );
}

function totals(proposal: Proposal, style: Style): string {
  const counts = countByVerb(proposal.items);
  const parts = counted.flatMap((verb) => {
    const count = counts[verb] ?? 0;
    const { paint, words } = looks[verb];
    return count === 0 ? [] : [style[paint](`${count} ${words}`)];
  });
  const kept = counts.keep ?? 0;
  if (parts.length === 0) {
    const why = kept === 0 ? "nothing is there" : `all ${kept} resources are as they should be`;
    return style.good(`Nothing to do: ${why}.`);
  }
  const unchanged = kept === 0 ? [] : [style.faint(`${kept} unchanged`)];
  const time = proposal.changes && !proposal.readOnly ? `; about ${formatEstimate(proposal.expectSeconds)}` : "";
  return `${[...parts, ...unchanged].join(", ")}${time}`;
}

function countByVerb(items: readonly PlanItem[]): Readonly<Partial<Record<Verb, number>>> {
  const counts: Partial<Record<Verb, number>> = {};
  for (const { verb } of items) counts[verb] = (counts[verb] ?? 0) + 1;
  return counts;
}

/** The plan for programs. */
export function planDocument(proposal: Proposal) {
  const { title, owner, caller, changes, expectSeconds, fingerprint, readOnly, information, items } = proposal;
  return {
    title,
    cluster: owner.cluster,
    region: owner.region,
    account: caller.account,
    caller: caller.arn,
    ...(caller.expiration && { credentialsExpire: caller.expiration.toISOString() }),
    warnings: warnings(proposal),
    changes,
    readOnly,
    expectSeconds,
    fingerprint,
    counts: countByVerb(items),
    information,
    items,
  };
}
