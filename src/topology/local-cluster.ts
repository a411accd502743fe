import { outpostId } from "../config/outposts.ts";
import { InputError } from "../errors.ts";
import type { ClusterSpec } from "../resources/eks/cluster.ts";
import type { Scope } from "./scope.ts";

/**
 * Where and on what a local cluster's control plane runs; undefined for one in the region.
 *
 * @throws InputError for types that the Outpost has not.
 */
export function localClusterSpec({ config, facts }: Scope): ClusterSpec["outpost"] {
  const { outpost } = config;
  if (outpost === undefined) return undefined;
  const { controlPlaneOutpostARN: arn, controlPlaneInstanceType, controlPlanePlacement, etcdInstanceType } = outpost;
  const known = facts.outposts[outpostId(arn)]?.instanceTypes ?? [];
  for (const type of [controlPlaneInstanceType, etcdInstanceType]) {
    if (type === undefined || known.includes(type)) continue;
    throw new InputError(`outpost: ${arn} has no ${type}`, { hint: `choose from ${known.join(", ")}` });
  }
  return {
    arn,
    ...(controlPlaneInstanceType === undefined ? {} : { controlPlaneInstanceType }),
    ...(controlPlanePlacement === undefined ? {} : { controlPlanePlacement }),
    ...(etcdInstanceType === undefined ? {} : { etcdInstanceType }),
    ...(outpost.etcdPlacement?.spreadLevel === undefined ? {} : { etcdSpreadLevel: outpost.etcdPlacement.spreadLevel }),
  };
}

/** The same at creation: on the smallest instances that the Outpost has, where the file does not say. */
export function localClusterInitially(scope: Scope): Pick<ClusterSpec, "outpost"> {
  const spec = localClusterSpec(scope);
  if (spec === undefined) return {};
  const smallest = scope.facts.outposts[outpostId(spec.arn)]?.instanceTypes[0];
  if (smallest === undefined) throw new InputError(`outpost: ${spec.arn} has no instances`);
  return { outpost: { controlPlaneInstanceType: smallest, ...spec } };
}
