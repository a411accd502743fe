import type { InstancesDistribution, MixedInstancesPolicy } from "@aws-sdk/client-auto-scaling";
import { notSimulated } from "../../aws-error.ts";
import { validationError } from "./errors.ts";
import type { Place } from "./place.ts";
import type { MixedRecord, TemplateUse } from "./state.ts";
import { templateUse } from "./templates.ts";

const strategies = ["lowest-price", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"];
/** Auto Scaling user guide, "Quotas for your Auto Scaling resources and groups". */
const maxOverrides = 40;

/** Throws ValidationError. */
export function mixedPolicy(
  place: Place,
  { LaunchTemplate, InstancesDistribution: distribution = {} }: MixedInstancesPolicy,
): { template: TemplateUse; mixed: MixedRecord } {
  const specification = LaunchTemplate?.LaunchTemplateSpecification;
  if (!specification) {
    throw validationError("MixedInstancesPolicy must include LaunchTemplate with a LaunchTemplateSpecification");
  }
  const wanted = LaunchTemplate.Overrides ?? [];
  if (wanted.length > maxOverrides) {
    throw validationError(`The number of overrides (${wanted.length}) exceeds the limit of ${maxOverrides}`);
  }
  const overrides = wanted.map((each) => {
    if (each.InstanceRequirements) throw notSimulated("autoscaling with InstanceRequirements");
    if (each.InstanceType === undefined) throw validationError("Each override must have an InstanceType");
    const own = each.LaunchTemplateSpecification;
    const weight = Number(each.WeightedCapacity ?? 1);
    return { instanceType: each.InstanceType, weight, template: own ? templateUse(place, own) : null };
  });
  const types = overrides.map(({ instanceType }) => instanceType);
  const twice = types.find((type, index) => types.indexOf(type) !== index);
  if (twice !== undefined) throw validationError(`Instance type ${twice} is specified more than once in the overrides`);
  checkDistribution(distribution);
  return {
    template: templateUse(place, specification),
    mixed: { overrides, distribution: withDefaults(distribution) },
  };
}

function checkDistribution(distribution: InstancesDistribution): void {
  const { SpotAllocationStrategy: strategy = "lowest-price", SpotInstancePools: pools } = distribution;
  if (!strategies.includes(strategy)) {
    throw validationError(`SpotAllocationStrategy must be one of ${strategies.join(", ")}`);
  }
  if (pools !== undefined && strategy !== "lowest-price") {
    throw validationError("SpotInstancePools option is only available with the lowest-price allocation strategy.");
  }
  if (pools !== undefined && (pools < 1 || pools > 20)) throw validationError("SpotInstancePools must be from 1 to 20");
  const { OnDemandPercentageAboveBaseCapacity: percentage = 100, OnDemandBaseCapacity: base = 0 } = distribution;
  if (percentage < 0 || percentage > 100) {
    throw validationError("OnDemandPercentageAboveBaseCapacity must be between 0 and 100");
  }
  if (base < 0) throw validationError("OnDemandBaseCapacity must not be negative");
}

function withDefaults(distribution: InstancesDistribution): InstancesDistribution {
  const SpotAllocationStrategy = distribution.SpotAllocationStrategy ?? "lowest-price";
  return {
    OnDemandAllocationStrategy: "prioritized",
    OnDemandBaseCapacity: 0,
    OnDemandPercentageAboveBaseCapacity: 100,
    ...(SpotAllocationStrategy === "lowest-price" ? { SpotInstancePools: 2 } : {}),
    ...distribution,
    SpotAllocationStrategy,
  };
}

/** How many of so many instances are on demand. */
export function onDemandOf(total: number, distribution: InstancesDistribution): number {
  const base = Math.min(total, distribution.OnDemandBaseCapacity ?? 0);
  const percentage = distribution.OnDemandPercentageAboveBaseCapacity ?? 100;
  return base + Math.ceil(((total - base) * percentage) / 100);
}
