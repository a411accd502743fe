import type { NodeGroupBase } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import type { InstanceType } from "../../facts/types.ts";

/** EKS's AMI type for a family and what the instances are; the first accelerated type decides. */
export function amiType(group: NodeGroupBase, types: readonly InstanceType[]): string {
  const arm = types[0]?.architecture === "arm64";
  const accelerator = types.find((type) => type.accelerator !== "none")?.accelerator ?? "none";
  if (group.amiFamily === "Bottlerocket") {
    return `BOTTLEROCKET_${arm ? "ARM_64" : "x86_64"}${accelerator === "nvidia" ? "_NVIDIA" : ""}`;
  }
  const variant = { none: "STANDARD", nvidia: "NVIDIA", neuron: "NEURON" }[accelerator];
  if (arm && accelerator === "neuron") {
    throw new InputError(`nodegroup ${group.name}: AmazonLinux2023 has no AMI for Neuron on arm64`);
  }
  return `AL2023_${arm ? "ARM_64" : "x86_64"}_${variant}`;
}
