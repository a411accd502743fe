import type {
  NodegroupScalingConfig,
  NodegroupUpdateConfig,
  NodeRepairConfig,
  WarmPoolConfig,
  Taint,
} from "@aws-sdk/client-eks";
import { type About, invalidParameter } from "./errors.ts";
import type { Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import type { NodegroupUpdateRule, ScalingConfig } from "./state.ts";

/** Throws InvalidParameterException for a name that no nodegroup can have. */
export function checkNodegroupName(name: string, about: About): void {
  if (name.length > 63) throw invalidParameter("nodegroupName can't be longer than 63 characters!", about);
  if (/^[0-9A-Za-z][0-9A-Za-z_-]*$/.test(name)) return;
  throw invalidParameter(
    "nodegroupName must begin with a letter or digit and can have letters, digits, hyphens and underscores.",
    about,
  );
}

const reservedPrefixes = ["kubernetes.io/", "k8s.io/", "eks.amazonaws.com/"];
/** Of the reserved ones, those that a kubelet may give its own node. */
const kubeletLabels =
  /^((kubelet|node)\.kubernetes\.io\/|(beta\.)?kubernetes\.io\/(arch|os|hostname|instance-type)$|topology\.kubernetes\.io\/(zone|region)$|failure-domain\.beta\.kubernetes\.io\/(zone|region)$)/;
const labelName = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)$/;

/** Throws InvalidParameterException for labels that Kubernetes would not take, or keeps for itself and EKS. */
export function checkLabels(labels: Readonly<Record<string, string>>, about: About): void {
  for (const [key, value] of Object.entries(labels)) {
    const isReserved = reservedPrefixes.some((prefix) => key.startsWith(prefix) || key.includes(`.${prefix}`));
    if (isReserved && !kubeletLabels.test(key)) {
      throw invalidParameter(`Label cannot contain reserved prefixes [${reservedPrefixes.join(", ")}]`, about);
    }
    const name = key.slice(key.indexOf("/") + 1);
    if (!labelName.test(name) || (value !== "" && !labelName.test(value))) {
      throw invalidParameter(`Label ${key}=${value} is not a valid Kubernetes label`, about);
    }
  }
}

const effects = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"];

/** Throws InvalidParameterException for taints that Kubernetes would not take, and for two of one key and effect. */
export function checkTaints(taints: readonly Taint[], about: About): void {
  if (taints.length > 50) throw invalidParameter("A nodegroup can have at most 50 taints", about);
  for (const { key, effect } of taints) {
    if (!key) throw invalidParameter("A taint must have a key", about);
    if (effect === undefined || !effects.includes(effect)) {
      throw invalidParameter(`Taint effect ${effect} is not one of ${effects.join(", ")}`, about);
    }
    if (taints.filter((each) => each.key === key && each.effect === effect).length > 1) {
      throw invalidParameter(`There are two taints with key ${key} and effect ${effect}`, about);
    }
  }
}

/** The sizes of a new nodegroup. Throws InvalidParameterException unless minSize <= desiredSize <= maxSize. */
export function initialScaling(wanted: NodegroupScalingConfig | undefined, about: About): ScalingConfig {
  const minSize = wanted?.minSize ?? 1;
  const desiredSize = wanted?.desiredSize ?? Math.max(minSize, Math.min(2, wanted?.maxSize ?? 2));
  const maxSize = wanted?.maxSize ?? Math.max(2, desiredSize);
  checkSizes({ minSize, maxSize, desiredSize }, about);
  if (minSize > desiredSize) throw invalidParameter("minSize can't be greater than desiredSize", about);
  if (desiredSize > maxSize) throw invalidParameter("desiredSize can't be greater than maxSize", about);
  return { minSize, maxSize, desiredSize };
}

/** Sizes after an update: what it does not name stays, the live desired size included. */
export function changedScaling(before: ScalingConfig, wanted: NodegroupScalingConfig, about: About): ScalingConfig {
  const { minSize = before.minSize, maxSize = before.maxSize, desiredSize = before.desiredSize } = wanted;
  checkSizes({ minSize, maxSize, desiredSize }, about);
  if (minSize > desiredSize) {
    throw invalidParameter(`Minimum capacity ${minSize} can't be greater than desired size ${desiredSize}`, about);
  }
  if (desiredSize > maxSize) {
    throw invalidParameter(`desired capacity ${desiredSize} can't be greater than max size ${maxSize}`, about);
  }
  return { minSize, maxSize, desiredSize };
}

/** The sizes, where the account may have so many nodes. Throws ResourceLimitExceededException. */
export function allowedScaling(place: Place, scaling: ScalingConfig, about: About): ScalingConfig {
  checkQuota(place, "nodes", scaling.maxSize, about);
  return scaling;
}

function checkSizes({ minSize, maxSize, desiredSize }: ScalingConfig, about: About): void {
  if (minSize < 0 || desiredSize < 0) throw invalidParameter("minSize and desiredSize can't be negative", about);
  if (maxSize < 1) throw invalidParameter("maxSize must be at least 1", about);
}

/** How many nodes an update takes away at once: one unless said otherwise. */
export function updateRule(wanted: NodegroupUpdateConfig | undefined, about: About): NodegroupUpdateRule {
  const { maxUnavailable, maxUnavailablePercentage, updateStrategy = "DEFAULT" } = wanted ?? {};
  if (maxUnavailable !== undefined && maxUnavailablePercentage !== undefined) {
    throw invalidParameter("maxUnavailable and maxUnavailablePercentage cannot be used together", about);
  }
  if (maxUnavailablePercentage !== undefined) {
    if (maxUnavailablePercentage < 1 || maxUnavailablePercentage > 100) {
      throw invalidParameter("maxUnavailablePercentage must be between 1 and 100", about);
    }
    return { maxUnavailablePercentage, updateStrategy };
  }
  if (maxUnavailable !== undefined && (maxUnavailable < 1 || maxUnavailable > 100)) {
    throw invalidParameter("maxUnavailable must be between 1 and 100", about);
  }
  return { maxUnavailable: maxUnavailable ?? 1, updateStrategy };
}

/** Automatic repair: off unless said otherwise. */
export function nodeRepair(wanted: NodeRepairConfig | undefined, about: About): NodeRepairConfig {
  const repair = { enabled: false, ...wanted };
  if (
    both(repair.maxUnhealthyNodeThresholdCount, repair.maxUnhealthyNodeThresholdPercentage) ||
    both(repair.maxParallelNodesRepairedCount, repair.maxParallelNodesRepairedPercentage)
  ) {
    throw invalidParameter("A node repair limit can be a count or a percentage, not both", about);
  }
  return repair;
}

/** What an update leaves out stays; off, there is none. Its instances are not simulated. */
export function warmPool(
  before: WarmPoolConfig | null,
  wanted: WarmPoolConfig | undefined,
  amiType: string,
  about: About,
): WarmPoolConfig | null {
  const pool = { enabled: false, poolState: "STOPPED", reuseOnScaleIn: false, ...before, ...wanted } as const;
  if (!pool.enabled) return null;
  if (amiType === "CUSTOM") throw invalidParameter("Warm pools are not supported with custom AMIs", about);
  if (amiType.startsWith("BOTTLEROCKET") && (pool.poolState === "HIBERNATED" || pool.reuseOnScaleIn)) {
    throw invalidParameter("Bottlerocket AMIs support neither hibernation nor reuse on scale-in in warm pools", about);
  }
  const { minSize = 0, maxGroupPreparedCapacity = minSize } = pool;
  if (maxGroupPreparedCapacity < minSize) {
    throw invalidParameter("The warm pool's minSize cannot be greater than its maxGroupPreparedCapacity", about);
  }
  return { ...pool, minSize };
}

function both(count: number | undefined, percentage: number | undefined): boolean {
  return count !== undefined && percentage !== undefined;
}
