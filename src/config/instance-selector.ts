import type { NodeGroup, NodeGroupBase } from "./types.ts";

/** Which instance types a nodegroup wants, all of it exactly. */
export interface Selector {
  readonly architecture: "x86_64" | "arm64";
  readonly vCPUs?: number;
  readonly memoryMiB?: number;
  readonly gpus: number;
  readonly neuronDevices: number;
  readonly allow?: string;
  readonly deny?: string;
}

/** Whether instance types are asked for by what they are: `instanceSelector: {}`, as eksctl's dry run prints it, asks for nothing. */
export function selectsTypes({ instanceSelector = {} }: { readonly instanceSelector?: object | undefined }): boolean {
  return Object.keys(instanceSelector).length > 0;
}

type Group = Pick<NodeGroupBase, "instanceSelector"> & Pick<NodeGroup, "instancesDistribution">;

/** Undefined where types are named. */
export function selectorOf(group: Group): Selector | undefined {
  const { instanceSelector = {}, instancesDistribution } = group;
  if (!selectsTypes(group) || instancesDistribution?.instanceTypes) return undefined;
  const { vCPUs, memory, gpus = 0, neuron_devices: neuronDevices = 0, cpuArchitecture, allow, deny } = instanceSelector;
  return {
    architecture: cpuArchitecture === "arm64" ? "arm64" : "x86_64",
    ...(vCPUs === undefined ? {} : { vCPUs }),
    ...(memory === undefined ? {} : { memoryMiB: mebibytes(String(memory)) }),
    gpus,
    neuronDevices,
    ...(allow === undefined ? {} : { allow }),
    ...(deny === undefined ? {} : { deny }),
  };
}

/** Of an amount that is in GiB, unless its unit says otherwise. */
function mebibytes(amount: string): number {
  return Math.round(Number.parseFloat(amount) * (/m/i.test(amount) ? 1 : 1024));
}
