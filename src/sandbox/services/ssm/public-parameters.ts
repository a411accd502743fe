import { createHash } from "node:crypto";
import type { Call } from "../../service.ts";
import { kubernetesVersions } from "../eks/kubernetes-versions.ts";
import type { ParameterRecord } from "./state.ts";

/** Names of images for nodes, as their makers publish them (EKS user guide, "Retrieve recommended AMI IDs"). */
const images = [
  /^eks\/optimized-ami\/(?<minor>[\d.]+)\/amazon-linux-2023\/(?:x86_64\/(?:standard|nvidia|neuron)|arm64\/(?:standard|nvidia))\/recommended\/image_id$/,
  /^eks\/optimized-ami\/(?<minor>1\.3[12])\/amazon-linux-2(?:-gpu|-arm64)?\/recommended\/image_id$/,
  /^bottlerocket\/aws-k8s-(?<minor>[\d.]+)(?:-nvidia)?(?:-fips)?\/(?:x86_64|arm64)\/latest\/image_id$/,
  /^ami-windows-latest\/Windows_Server-(?:2019|2022|2025)-English-(?:Core|Full)-EKS_Optimized-(?<minor>[\d.]+)\/image_id$/,
  /^canonical\/ubuntu\/eks(?:-pro)?\/2[\d.]+\/(?<minor>[\d.]+)\/stable\/current\/(?:amd64|arm64)\/hvm\/ebs-gp[23]\/ami-id$/,
];

const published = Date.parse("2026-11-05T00:00:00Z");

/** Whether AWS publishes a parameter under such a name, for everybody. */
export function isPublic(name: string): boolean {
  return /^\/?aws\/service\//.test(name);
}

/** Undefined where nothing is published. */
export function publicParameter({ partition, region }: Call, name: string): ParameterRecord | undefined {
  const plain = name.replace(/^\/?aws\/service\//, "");
  const minor = images.map((form) => form.exec(plain)?.groups?.["minor"]).find((found) => found !== undefined);
  if (!kubernetesVersions.some((version) => version.minor === minor)) return undefined;
  const digest = createHash("sha256").update(`${region}/${plain}`).digest("hex");
  return {
    name,
    arn: `arn:${partition}:ssm:${region}::parameter/aws/service/${plain}`,
    value: `ami-0${digest.slice(0, 16)}`,
    version: 1,
    modifiedAt: published,
    visibleAt: 0,
    tags: {},
  };
}
