import type { KindName } from "../../engine/kind.ts";
import type { RunResult } from "../../engine/index.ts";
import type { DeleteOutput } from "../../operations/cluster.ts";
import type { ClusterOutput } from "../../operations/outputs.ts";
import type { Call } from "../call.ts";
import { commandHint } from "../command-line.ts";
import { formatDuration } from "../duration.ts";
import { subject } from "../report/words.ts";
import { renderRemaining } from "./remaining.ts";
import { renderTable } from "./table.ts";

const isOfNodes = (kind: KindName) => ["ec2.launch-template", "ec2.instance", "ec2.volume"].includes(kind);

/** Which part of the work a kind belongs to, as a person thinks of it. */
const phases: readonly (readonly [string, (kind: KindName) => boolean])[] = [
  ["network", (kind) => (kind.startsWith("ec2.") && !isOfNodes(kind)) || kind.startsWith("elb.")],
  ["identity and logs", (kind) => ["iam.", "logs.", "rolesanywhere."].some((service) => kind.startsWith(service))],
  ["control plane", (kind) => kind === "eks.cluster"],
  ["access", (kind) => kind === "eks.access-entry" || kind.startsWith("local.")],
  ["nodes", (kind) => kind === "eks.nodegroup" || kind === "cloudformation.stack" || isOfNodes(kind)],
  ["add-ons", (kind) => kind === "eks.addon" || kind === "eks.capability"],
];

/** The end of a create or apply: how to reach the cluster, what to type next, where the time went. */
export function renderClusterSummary(output: ClusterOutput, result: RunResult, call: Call): readonly string[] {
  const { style } = call.terminal;
  const { cluster, kubeconfigContext } = output;
  const at = ["--cluster", cluster.name, "--region", cluster.region];
  const facts: readonly (readonly [string, string])[] = [
    ["endpoint", output.endpoint],
    [
      "kubeconfig",
      kubeconfigContext === null
        ? `not written; ${commandHint(call, ["utils", "write-kubeconfig", ...at])}`
        : `context ${kubeconfigContext}`,
    ],
    ...Object.entries(output.iamRolesAnywhere ?? {}).map(
      ([key, arn], index) => [index === 0 ? "nodeadm" : "", `${key}: ${arn}`] as const,
    ),
  ];
  const next = [
    ...(kubeconfigContext === null ? [] : ["kubectl get nodes"]),
    commandHint(call, ["get", "nodegroup", ...at]),
    commandHint(call, ["delete", "cluster", "--name", cluster.name, "--region", cluster.region]),
  ];
  return [
    "",
    style.good(style.strong(`${cluster.name} is ready`)) +
      ` in ${cluster.region}, Kubernetes ${cluster.version}, after ${formatDuration(result.seconds)}`,
    ...facts.map(([key, value]) => `  ${style.faint(key.padEnd(10))}  ${value}`),
    ...renderRemaining(result, call),
    ...renderTimes(result, call),
    `  ${style.faint("next")}`,
    ...next.map((command) => `    ${command}`),
  ];
}

/** What a deletion swept beside what ekstool made, and what it kept. */
export function renderDeletion(
  { region, swept, kept }: DeleteOutput,
  { terminal: { style } }: Pick<Call, "terminal">,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { title } of swept) counts.set(title, (counts.get(title) ?? 0) + 1);
  const parts = [...counts].map(([title, count]) => (count === 1 ? `1 ${title}` : `${count} ${plural(title)}`));
  const fromKubernetes = `${parts.join(", ")}, made for the cluster by Kubernetes and EKS`;
  return [
    ...(parts.length === 0 ? [] : [`  ${style.faint("swept".padEnd(10))}  ${fromKubernetes}`]),
    ...kept.flatMap((one) => [
      `  ${style.warning("kept".padEnd(10))}  ${one.title} ${one.ref}: ${one.because}`,
      `  ${" ".repeat(10)}  to delete it: aws ${deletions[one.kind] ?? ""} ${one.ref} --region ${region}`,
    ]),
  ];
}

/** How what is kept can be deleted by hand, by kind. */
const deletions: Readonly<Partial<Record<KindName, string>>> = {
  "ec2.volume": "ec2 delete-volume --volume-id",
  "logs.late-log-group": "logs delete-log-group --log-group-name",
};

function plural(title: string): string {
  return title === "rule between security groups" ? "rules between security groups" : `${title}s`;
}

/** Where the time went, and which chain of steps decided it. */
export function renderTimes(result: RunResult, { terminal: { style } }: Pick<Call, "terminal">): readonly string[] {
  if (result.steps.length === 0) return [];
  const spans = phases.flatMap(([phase, includes]) => {
    const steps = result.steps.filter(({ kind }) => includes(kind));
    return steps.length === 0 ? [] : [`${phase} ${formatDuration(busySeconds(steps))}`];
  });
  const chain = result.criticalPath
    .map((step) => ({ step, seconds: (step.finishedAt - step.startedAt) / 1000 }))
    .filter(({ seconds }) => seconds >= 1)
    .map(({ step, seconds }) => `${subject(step)} ${formatDuration(seconds)}`);
  return [
    `  ${style.faint("times".padEnd(10))}  ${spans.join(", ")}`,
    ...(chain.length === 0 ? [] : [`  ${style.faint("slowest".padEnd(10))}  ${chain.join(" → ")}`]),
  ];
}

/** Seconds during which at least one of the steps was under way. */
function busySeconds(steps: RunResult["steps"]): number {
  let busy = 0;
  let until = -Infinity;
  for (const { startedAt, finishedAt } of steps.toSorted((a, b) => a.startedAt - b.startedAt)) {
    busy += Math.max(0, finishedAt - Math.max(startedAt, until));
    until = Math.max(until, finishedAt);
  }
  return busy / 1000;
}

/** The result of create and apply as a table. */
export function clusterTable({ cluster, endpoint, kubeconfigContext }: ClusterOutput): readonly string[] {
  return renderTable(
    ["NAME", "REGION", "VERSION", "STATUS", "ENDPOINT", "CONTEXT"],
    [[cluster.name, cluster.region, cluster.version, cluster.status, endpoint, kubeconfigContext ?? "-"]],
  );
}
