import type { NodeGroupBase } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import type { InstanceType } from "../../facts/types.ts";

/** The image is none that EKS chooses: the file's, or one that its maker publishes. */
export function hasOwnImage({ ami, amiFamily }: Pick<NodeGroupBase, "ami" | "amiFamily">): boolean {
  return ami?.startsWith("ami-") === true || amiFamily?.startsWith("Ubuntu") === true;
}

/** What decides of several types: the first accelerated one, else the first. */
export function decidingType(types: readonly InstanceType[]): InstanceType | undefined {
  return types.find((type) => type.accelerator !== "none") ?? types[0];
}

/** EKS's AMI type for a family and what the instances are; the first accelerated type decides. */
export function amiType(group: NodeGroupBase, types: readonly InstanceType[]): string {
  if (hasOwnImage(group)) return "CUSTOM";
  const arm = types[0]?.architecture === "arm64";
  const accelerator = decidingType(types)?.accelerator ?? "none";
  const { amiFamily = "", name } = group;
  if (amiFamily.startsWith("Bottlerocket")) {
    const fips = amiFamily === "BottlerocketFips" ? "_FIPS" : "";
    return `BOTTLEROCKET_${arm ? "ARM_64" : "x86_64"}${accelerator === "nvidia" ? "_NVIDIA" : ""}${fips}`;
  }
  const [, year, edition] = /^WindowsServer(\d+)(Core|Full)Container$/.exec(amiFamily) ?? [];
  if (year !== undefined) {
    if (arm) throw new InputError(`nodegroup ${name}: there is no Windows for arm64`, { hint: "use an x86_64 type" });
    return `WINDOWS_${edition?.toUpperCase()}_${year}_x86_64`;
  }
  if (amiFamily === "AmazonLinux2") {
    if (arm) return "AL2_ARM_64";
    return accelerator === "none" ? "AL2_x86_64" : "AL2_x86_64_GPU";
  }
  const variant = { none: "STANDARD", nvidia: "NVIDIA", neuron: "NEURON" }[accelerator];
  if (arm && accelerator === "neuron") {
    throw new InputError(`nodegroup ${name}: AmazonLinux2023 has no AMI for Neuron on arm64`);
  }
  return `AL2023_${arm ? "ARM_64" : "x86_64"}_${variant}`;
}
