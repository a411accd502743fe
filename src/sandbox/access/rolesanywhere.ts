import type { Call } from "../service.ts";
import { serviceLinkedRole } from "../services/iam/internal.ts";
import { rolesAnywhereOf } from "../services/rolesanywhere/place.ts";
import { creatingServiceLinkedRole } from "./iam.ts";
import {
  arn,
  type Context,
  each,
  need,
  passRole,
  removedTags,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
  type Tags,
} from "./requirement.ts";

const service = "rolesanywhere";
const principal = "rolesanywhere.amazonaws.com";

interface Naming {
  readonly id: string;
}
interface WithRoles {
  readonly roleArns: readonly string[];
}

type Type = "trust-anchor" | "profile";

/** An action on what is there, or on anything of its type. */
function on(action: string, type: Type, { id }: Naming, call: Call, ...contexts: readonly Context[]): Requirement {
  const { trustAnchors, profiles } = rolesAnywhereOf(call);
  const record = trustAnchors[id] ?? profiles[id];
  return need(
    `${service}:${action}`,
    record?.arn ?? arn(call, service, `${type}/${id}`),
    resourceTags(record?.tags),
    ...contexts,
  );
}

function act(type: Type) {
  return (action: string) => (input: Naming, call: Call) => [on(action, type, input, call)];
}

/** Of either type: only what is there has one. */
function tagging(action: string) {
  return (input: Naming & { readonly tags?: Tags; readonly tagKeys?: readonly string[] }, call: Call) => {
    const type = input.id in rolesAnywhereOf(call).profiles ? "profile" : "trust-anchor";
    return [on(action, type, input, call, requestTags(input.tags), removedTags(input.tagKeys))];
  };
}

function creating(action: string, type: Type, tags: Tags, call: Call): Requirement[] {
  return [
    need(`${service}:${action}`, "*", requestTags(tags)),
    on("TagResource", type, { id: "*" }, call, requestTags(tags)),
  ];
}

function passing(roles: readonly string[]): Requirement[] {
  return roles.flatMap((role) => passRole(role, principal));
}

/** What CloudFormation asks as its caller. */
export const rolesAnywhereRows = {
  CreateTrustAnchor: ({ tags }: { readonly tags: Tags }, call: Call) => [
    ...creating("CreateTrustAnchor", "trust-anchor", tags, call),
    ...(serviceLinkedRole(call.world, principal).exists ? [] : [creatingServiceLinkedRole(principal, call)]),
  ],
  CreateProfile: ({ tags, roleArns }: WithRoles & { readonly tags: Tags }, call: Call) => [
    ...creating("CreateProfile", "profile", tags, call),
    ...passing(roleArns),
  ],
  UpdateProfile: (input: WithRoles & Naming, call: Call) => [
    on("UpdateProfile", "profile", input, call),
    ...passing(input.roleArns),
  ],
  ...each(["GetTrustAnchor", "UpdateTrustAnchor", "DeleteTrustAnchor"], act("trust-anchor")),
  ...each(["GetProfile", "DeleteProfile"], act("profile")),
  ...each(["TagResource", "UntagResource"], tagging),
  ListTagsForResource: () => [need(`${service}:ListTagsForResource`)],
} satisfies Rows;
