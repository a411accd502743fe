import { selectsTypes } from "../../config/instance-selector.ts";
import { outpostId } from "../../config/outposts.ts";
import type { ManagedNodeGroup, NodeGroup } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import { defaultInstanceTypes } from "../../facts/needs.ts";
import type { InstanceType } from "../../facts/types.ts";
import type { Scope } from "../scope.ts";
import { givenTemplate } from "./given-template.ts";

type WithTypes = Pick<
  ManagedNodeGroup,
  "name" | "instanceType" | "instanceTypes" | "instanceSelector" | "launchTemplate"
>;

/** The file's types, or the smallest of the Outpost, or the first default type that the region or its Local Zones offer. */
export function instanceTypes(
  scope: Scope,
  group: WithTypes,
  { localZones: zones = [], outpostARN }: Pick<NodeGroup, "localZones" | "outpostARN"> = {},
): readonly InstanceType[] {
  const named = namedTypes(scope, group);
  const known = scope.facts.instanceTypes;
  if (named === undefined) {
    const outpost = outpostARN === undefined ? undefined : scope.facts.outposts[outpostId(outpostARN)];
    const defaults = outpost?.instanceTypes ?? defaultInstanceTypes;
    const chosen = defaults
      .flatMap((name) => known[name] ?? [])
      .find((type) => zones.every((zone) => type.zones.includes(zone)));
    if (chosen === undefined) {
      const where = outpost?.arn ?? (zones.length > 0 ? zones.join(", ") : scope.region);
      throw new InputError(`${where} offers none of ${defaultInstanceTypes.join(", ")}`, {
        hint: `set instanceType of the nodegroup ${group.name}`,
      });
    }
    return [chosen];
  }
  const missing = named.filter((name) => known[name] === undefined);
  if (missing.length > 0) {
    throw new InputError(`nodegroup ${group.name}: ${scope.region} does not offer ${missing.join(", ")}`, {
      hint: "check the spelling, or choose a type that the region offers",
    });
  }
  const types = named.flatMap((name) => known[name] ?? []);
  if (new Set(types.map((type) => type.architecture)).size > 1) {
    throw new InputError(`nodegroup ${group.name}: its instance types are of different architectures`, {
      hint: "use one nodegroup for x86_64 types and another for arm64 types",
    });
  }
  return types;
}

/** What a self-managed nodegroup says of its types, in the words of a managed one. */
export function typesNamed(group: NodeGroup): WithTypes {
  const { name, instanceType, instanceSelector, instancesDistribution } = group;
  if (instancesDistribution?.instanceTypes) return { name, instanceTypes: instancesDistribution.instanceTypes };
  if (instanceSelector && selectsTypes(group)) return { name, instanceSelector };
  return { name, ...(instanceType === undefined ? {} : { instanceType }) };
}

/** Undefined: any. */
function namedTypes(scope: Scope, group: WithTypes): readonly string[] | undefined {
  if (group.instanceTypes !== undefined) return group.instanceTypes;
  if (group.instanceType !== undefined) return [group.instanceType];
  const inTemplate = givenTemplate(scope, group)?.instanceType;
  if (inTemplate !== undefined) return [inTemplate];
  return selectsTypes(group) ? selected(scope, group.name) : undefined;
}

/** EKS takes so many types for a nodegroup. */
const mostTypes = 20;

function selected({ facts, region }: Scope, nodegroup: string): readonly string[] {
  const { fits, kept = fits } = facts.selectedTypes[nodegroup] ?? { fits: [] };
  const names = kept.filter((name) => facts.instanceTypes[name] !== undefined);
  if (names.length >= 1 && names.length <= mostTypes) return names;
  const [what, hint] =
    names.length === 0
      ? [`no instance type of ${region} is what instanceSelector asks for`, "ask for other vCPUs or memory"]
      : [
          `instanceSelector chooses ${names.length} instance types, more than the ${mostTypes} that EKS takes`,
          "narrow it down with allow or deny, as allow: ^(m|c)7",
        ];
  throw new InputError(`nodegroup ${nodegroup}: ${what}`, { hint });
}
