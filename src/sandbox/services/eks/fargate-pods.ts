import type { FargateProfileSelector } from "@aws-sdk/client-eks";
import { parseYaml } from "../../../yaml.ts";
import type { AddonKind } from "./addon-catalogue.ts";
import type { AddonRecord, ClusterRecord } from "./state.ts";

/** Labels of an add-on's pods, where they are of use. */
const labelsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  coredns: { "eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns" },
};

/** Whether the Deployment of an add-on has its pods on Fargate: a profile selects them, and they do not ask for nodes. */
export function runsOnFargate(kind: AddonKind, cluster: ClusterRecord, addon: AddonRecord): boolean {
  if (addon.name === "coredns" && !asksForFargate(addon)) return false;
  const labels = labelsOf[addon.name] ?? {};
  return Object.values(cluster.fargateProfiles)
    .filter(({ status }) => status === "ACTIVE")
    .some(({ selectors }) => selectors.some((selector) => selects(selector, kind.namespace, labels)));
}

/** Its pods are annotated for EC2 unless the configuration says otherwise (EKS user guide, "Get started with AWS Fargate"). */
function asksForFargate({ configurationValues }: AddonRecord): boolean {
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
