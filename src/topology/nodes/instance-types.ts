import type { ManagedNodeGroup } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import { defaultInstanceTypes } from "../../facts/needs.ts";
import type { InstanceType } from "../../facts/types.ts";
import type { Scope } from "../scope.ts";

type WithTypes = Pick<ManagedNodeGroup, "name" | "instanceType" | "instanceTypes">;

/** The file's types, or the first default type that the region offers. */
export function instanceTypes(scope: Scope, group: WithTypes): readonly InstanceType[] {
  const named = group.instanceTypes ?? (group.instanceType === undefined ? undefined : [group.instanceType]);
  const known = scope.facts.instanceTypes;
  if (named === undefined) {
    const chosen = defaultInstanceTypes.map((name) => known[name]).find((type) => type !== undefined);
    if (chosen === undefined) {
      throw new InputError(`${scope.region} offers none of ${defaultInstanceTypes.join(", ")}`, {
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
