import type { FargateProfileSelector } from "@aws-sdk/client-eks";
import { parseYaml } from "../../../yaml.ts";
import type { AddonKind } from "./addon-catalogue.ts";
import type { AddonRecord, ClusterRecord, FargateProfileRecord } from "./state.ts";

/** Labels of an add-on's pods, where they are not its name alone. */
export const podLabels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  coredns: { "eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns" },
};

/** Whether the Deployment of an add-on has its pods on Fargate: a profile selects them, and they do not ask for nodes. */
export function runsOnFargate(kind: AddonKind, cluster: ClusterRecord, addon: AddonRecord): boolean {
  if (asksForNodes(addon)) return false;
  return fargateProfileFor(cluster, kind.namespace, podLabels[addon.name] ?? {}) !== undefined;
}

/** The profile that puts such pods on Fargate; where several would, the first by name (EKS user guide, "Fargate profiles"). */
export function fargateProfileFor(
  cluster: Pick<ClusterRecord, "fargateProfiles">,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): FargateProfileRecord | undefined {
  return Object.values(cluster.fargateProfiles)
    .filter(({ status }) => status === "ACTIVE")
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .find(({ selectors }) => selectors.some((selector) => selects(selector, namespace, labels)));
}

/** CoreDNS is annotated for EC2 unless its configuration says otherwise (EKS user guide, "Get started with AWS Fargate"). */
export function asksForNodes(addon: Pick<AddonRecord, "name" | "configurationValues">): boolean {
  return addon.name === "coredns" && !asksForFargate(addon);
}

function asksForFargate({ configurationValues }: Pick<AddonRecord, "configurationValues">): boolean {
  const values = configurationValues === null ? undefined : parseYaml(configurationValues).value;
  return typeof values === "object" && values !== null && "computeType" in values && values.computeType === "Fargate";
}

function selects(
  { namespace = "", labels = {} }: FargateProfileSelector,
  ofPod: string,
  has: Readonly<Record<string, string>>,
): boolean {
  return (
    isLike(namespace, ofPod) &&
    Object.entries(labels).every(([key, value]) => key in has && isLike(value, has[key] ?? ""))
  );
}

/** `*` is any characters, `?` is one. */
function isLike(pattern: string, text: string): boolean {
  const quoted = pattern.replaceAll(".", String.raw`\.`);
  return new RegExp(`^${quoted.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u").test(text);
}
