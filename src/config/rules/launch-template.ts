import { selectsTypes } from "../instance-selector.ts";
import { type Rule, forEachManagedNodegroup, forEachNodegroup } from "./rule.ts";

/** What a template of one's own says, or nobody. */
const inTemplate = [
  "instanceType",
  "ami",
  "volumeSize",
  "volumeType",
  "volumeIOPS",
  "volumeThroughput",
  "volumeEncrypted",
  "volumeKmsKeyID",
  "volumeName",
  "additionalVolumes",
  "instanceName",
  "instancePrefix",
  "maxPodsPerNode",
  "disablePodIMDS",
  "preBootstrapCommands",
  "overrideBootstrapCommand",
  "bottlerocket",
  "placement",
  "capacityReservation",
  "instanceMarketOptions",
  "connectionTracking",
  "ebsOptimized",
  "enableDetailedMonitoring",
  "instanceSelector",
] as const;

/** `instanceSelector: {}`, as eksctl's dry run prints it. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

const beside = forEachManagedNodegroup((group, at, report) => {
  if (group.launchTemplate === undefined) return;
  const say = (path: readonly (string | number)[]) =>
    report([...at, ...path], "belongs into the launch template that launchTemplate names", { at: "key" });
  for (const key of inTemplate) {
    const value: unknown = Object.hasOwn(group, key) ? Reflect.get(group, key) : undefined;
    if (value !== undefined && value !== false && value !== 0 && !isEmpty(value)) say([key]);
  }
  if (group.disableIMDSv1 !== undefined) say(["disableIMDSv1"]);
  const { ssh, securityGroups } = group;
  if (ssh?.allow === true || ssh?.publicKey !== undefined || ssh?.publicKeyName !== undefined || ssh?.publicKeyPath)
    say(["ssh"]);
  if ((securityGroups?.attachIDs?.length ?? 0) > 0) say(["securityGroups", "attachIDs"]);
});

const selector = forEachNodegroup((group, at, report) => {
  if (group.instanceSelector === undefined || !selectsTypes(group)) return;
  const path = [...at, "instanceSelector"];
  if (group.instanceType !== undefined && group.instanceType !== "mixed") {
    report([...at, "instanceType"], "cannot stand beside instanceSelector: use one of the two", { at: "key" });
  }
  const { vCPUs, memory, gpus, neuron_devices: neuron } = group.instanceSelector;
  if ([vCPUs, memory, gpus, neuron].every((one) => one === undefined)) {
    report(path, "needs one of vCPUs, memory, gpus and neuron_devices", {
      at: "key",
      reads: ["vCPUs", "memory", "gpus", "neuron_devices"].map((key) => [...path, key]),
    });
  }
  for (const key of ["allow", "deny"] as const) {
    const pattern = group.instanceSelector[key];
    if (pattern !== undefined && !isPattern(pattern)) report([...path, key], "is no regular expression");
  }
});

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

export const launchTemplateRules: readonly Rule[] = [beside, selector];
