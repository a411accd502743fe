import type { ResourceType, TagSpecification } from "@aws-sdk/client-ec2";
import type { Call } from "../service.ts";
import { families } from "../services/ec2/families.ts";
import { lookUp, type Taggable } from "../services/ec2/family.ts";
import type { Recorded } from "../services/ec2/state.ts";
import { arn, type Context, need, type Requirement, requestTags, resourceTags, tagsIn } from "./requirement.ts";

/** Every action of EC2 has it. */
export function regionOf({ region }: Call): Context {
  return { "ec2:Region": region };
}

/** A resource that is there: its ARN, and what conditions can ask about it. */
interface Resource {
  readonly arn: string;
  readonly context: Context;
}

/** By its id. One that is not there has no tags. */
export function resource(id: string, call: Call): Resource {
  const family = familyOf(id);
  const record: Partial<Recorded> & {
    readonly VpcId?: string;
    readonly KeyName?: string;
    readonly GroupName?: string;
  } = (family && lookUp(family, call, id)) ?? {};
  const { tags, VpcId } = record;
  return {
    arn: arn(call, "ec2", `${family?.type ?? "*"}/${nameIn(family, record) ?? id}`),
    context: {
      ...resourceTags(tags, "ec2"),
      ...(VpcId !== undefined && inVpcs.has(family?.type) ? { "ec2:Vpc": arn(call, "ec2", `vpc/${VpcId}`) } : {}),
    },
  };
}

/** What ARNs name by another thing than the id. */
function nameIn(
  family: Taggable<Recorded> | undefined,
  { KeyName, GroupName }: { readonly KeyName?: string; readonly GroupName?: string },
): string | undefined {
  return family?.type === "placement-group" ? GroupName : KeyName;
}

/** What conditions can ask about the VPC of. */
const inVpcs: ReadonlySet<ResourceType | undefined> = new Set<ResourceType>([
  "network-interface",
  "route-table",
  "security-group",
  "subnet",
]);

function familyOf(id: string): Taggable<Recorded> | undefined {
  return families.find((each) => each.prefix === id.slice(0, id.lastIndexOf("-")));
}

/** An action on resources that are there; where the request names none, on all. */
export function on(
  action: string,
  ids: readonly (string | undefined)[],
  call: Call,
  ...contexts: readonly Context[]
): Requirement[] {
  const named = ids.filter((id) => id !== undefined).map((id) => resource(id, call));
  const resources = named.length > 0 ? named : [{ arn: "*", context: {} }];
  return resources.map((each) => need(`ec2:${action}`, each.arn, regionOf(call), each.context, ...contexts));
}

interface Made {
  readonly type: ResourceType;
  /** Where it is known before it is made. */
  readonly name?: string | undefined;
}

/** An action that makes a resource: its tags are a right of their own (EC2 user guide, "Tag resources on creation"). */
export function making(
  action: string,
  { type, name = "*" }: Made,
  specifications: readonly TagSpecification[] | undefined,
  call: Call,
  ...contexts: readonly Context[]
): Requirement[] {
  const made = arn(call, "ec2", `${type}/${name}`);
  const ofType = (specifications ?? []).filter(({ ResourceType }) => ResourceType === type);
  const tags = requestTags(tagsIn(ofType.flatMap(({ Tags = [] }) => Tags)));
  return [
    need(`ec2:${action}`, made, regionOf(call), tags, ...contexts),
    ...(ofType.length > 0 ? [need("ec2:CreateTags", made, regionOf(call), tags, { "ec2:CreateAction": action })] : []),
  ];
}
