import type * as Iam from "@aws-sdk/client-iam";
import type { Call } from "../service.ts";
import { serviceLinkedRoleOf } from "../services/iam/service-linked-roles.ts";
import type { TagRecord } from "../services/iam/state.ts";
import {
  type Context,
  given,
  iamArn,
  need,
  passRole,
  removedTags,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
  tagsIn,
} from "./requirement.ts";

/** A resource of IAM that is there, or the ARN that it would have. */
interface Resource {
  readonly arn: string;
  readonly tags?: readonly TagRecord[];
}

function role({ RoleName: name = "" }: { readonly RoleName?: string | undefined }, call: Call): Resource {
  const { roles } = call.world.state.iam;
  return (Object.hasOwn(roles, name) && roles[name]) || { arn: iamArn(call, `role/${name}`) };
}

function boundaryOf({ RoleName: name = "" }: { readonly RoleName?: string | undefined }, { world }: Call): Context {
  const { roles } = world.state.iam;
  return given({
    "iam:PermissionsBoundary": Object.hasOwn(roles, name) ? roles[name]?.permissionsBoundary : undefined,
  });
}

function profile(
  { InstanceProfileName: name = "" }: { readonly InstanceProfileName?: string | undefined },
  call: Call,
): Resource {
  const { instanceProfiles } = call.world.state.iam;
  return (
    (Object.hasOwn(instanceProfiles, name) && instanceProfiles[name]) || {
      arn: iamArn(call, `instance-profile/${name}`),
    }
  );
}

function user({ UserName }: { readonly UserName?: string | undefined }, call: Call): Resource {
  if (UserName === undefined) return { arn: call.principal };
  const { users } = call.world.state.iam;
  return (Object.hasOwn(users, UserName) && users[UserName]) || { arn: iamArn(call, `user/${UserName}`) };
}

function policy({ PolicyArn: arn = "" }: { readonly PolicyArn?: string | undefined }, { world }: Call): Resource {
  const { policies } = world.state.iam;
  return (Object.hasOwn(policies, arn) && policies[arn]) || { arn };
}

function provider(
  { OpenIDConnectProviderArn: arn = "" }: { readonly OpenIDConnectProviderArn?: string | undefined },
  { world }: Call,
): Resource {
  const { oidcProviders } = world.state.iam;
  return (Object.hasOwn(oidcProviders, arn) && oidcProviders[arn]) || { arn };
}

type Find<Input> = (input: Input, call: Call) => Resource;
type More<Input> = (input: Input, call: Call) => Context;

/** An operation whose action has its own name, on one resource. */
function on<Input>(operation: string, find: Find<Input>, ...more: readonly More<Input>[]) {
  return (input: Input, call: Call): Requirement[] => {
    const { arn, tags } = find(input, call);
    const contexts = more.map((each) => each(input, call));
    // Only roles and users have the key of IAM's own.
    const own = /:(role|user)\//.test(arn) ? "iam" : undefined;
    return [need(`iam:${operation}`, arn, resourceTags(tagsIn(tags), own), ...contexts)];
  };
}

interface Tagging {
  readonly Tags?: readonly Iam.Tag[] | undefined;
}
const newTags = ({ Tags }: Tagging) => requestTags(tagsIn(Tags));
const oldTags = ({ TagKeys }: { readonly TagKeys?: readonly string[] | undefined }) => removedTags(TagKeys);
const policyArn = ({ PolicyArn }: { readonly PolicyArn?: string | undefined }) => given({ "iam:PolicyARN": PolicyArn });

/** What a create takes, and the tagging that comes with it. */
function creation(action: string, tagging: string, resource: string, input: Tagging, context: Context = {}) {
  const tags = newTags(input);
  return [
    need(`iam:${action}`, resource, tags, context),
    ...(input.Tags?.length ? [need(`iam:${tagging}`, resource, tags)] : []),
  ];
}

const onAll = (operation: string, named?: string) => (_: object, call: Call) => [
  { ...need(`iam:${operation}`), ...(named === undefined ? {} : { named: iamArn(call, named) }) },
];

export const iamRows = {
  CreateRole({ PermissionsBoundary, ...input }: Iam.CreateRoleRequest, call: Call) {
    const resource = iamArn(call, `role${input.Path ?? "/"}${input.RoleName ?? ""}`);
    return creation(
      "CreateRole",
      "TagRole",
      resource,
      input,
      given({ "iam:PermissionsBoundary": PermissionsBoundary }),
    );
  },
  GetRole: on("GetRole", role, boundaryOf),
  ListRoles: ({ PathPrefix = "/" }: Iam.ListRolesRequest, call: Call) => [
    { ...need("iam:ListRoles"), named: iamArn(call, `role${PathPrefix}`) },
  ],
  UpdateRole: on("UpdateRole", role, boundaryOf),
  UpdateRoleDescription: on("UpdateRoleDescription", role, boundaryOf),
  UpdateAssumeRolePolicy: on("UpdateAssumeRolePolicy", role, boundaryOf),
  PutRolePermissionsBoundary: on(
    "PutRolePermissionsBoundary",
    role,
    ({ PermissionsBoundary }: Iam.PutRolePermissionsBoundaryRequest) =>
      given({ "iam:PermissionsBoundary": PermissionsBoundary }),
  ),
  DeleteRolePermissionsBoundary: on("DeleteRolePermissionsBoundary", role, boundaryOf),
  DeleteRole: on("DeleteRole", role, boundaryOf),
  TagRole: on<Iam.TagRoleRequest>("TagRole", role, newTags),
  UntagRole: on<Iam.UntagRoleRequest>("UntagRole", role, oldTags),
  ListRoleTags: on("ListRoleTags", role),
  CreateServiceLinkedRole: ({ AWSServiceName = "" }: Iam.CreateServiceLinkedRoleRequest, call: Call) => [
    createServiceLinkedRole(AWSServiceName, call),
  ],

  AttachRolePolicy: on<Iam.AttachRolePolicyRequest>("AttachRolePolicy", role, boundaryOf, policyArn),
  DetachRolePolicy: on<Iam.DetachRolePolicyRequest>("DetachRolePolicy", role, boundaryOf, policyArn),
  ListAttachedRolePolicies: on("ListAttachedRolePolicies", role),
  PutRolePolicy: on("PutRolePolicy", role, boundaryOf),
  GetRolePolicy: on("GetRolePolicy", role),
  DeleteRolePolicy: on("DeleteRolePolicy", role, boundaryOf),
  ListRolePolicies: on("ListRolePolicies", role),

  CreatePolicy: (input: Iam.CreatePolicyRequest, call: Call) =>
    creation("CreatePolicy", "TagPolicy", iamArn(call, `policy${input.Path ?? "/"}${input.PolicyName ?? ""}`), input),
  GetPolicy: on("GetPolicy", policy),
  GetPolicyVersion: on("GetPolicyVersion", policy),
  ListPolicies: onAll("ListPolicies", "policy/"),
  DeletePolicy: on("DeletePolicy", policy),

  CreateOpenIDConnectProvider(input: Iam.CreateOpenIDConnectProviderRequest, call: Call) {
    const url = (input.Url ?? "").replace(/^https:\/\//, "").replace(/\/$/, "");
    const resource = iamArn(call, `oidc-provider/${url}`);
    return creation("CreateOpenIDConnectProvider", "TagOpenIDConnectProvider", resource, input);
  },
  GetOpenIDConnectProvider: on("GetOpenIDConnectProvider", provider),
  ListOpenIDConnectProviders: onAll("ListOpenIDConnectProviders", "oidc-provider/*"),
  AddClientIDToOpenIDConnectProvider: on("AddClientIDToOpenIDConnectProvider", provider),
  RemoveClientIDFromOpenIDConnectProvider: on("RemoveClientIDFromOpenIDConnectProvider", provider),
  UpdateOpenIDConnectProviderThumbprint: on("UpdateOpenIDConnectProviderThumbprint", provider),
  TagOpenIDConnectProvider: on<Iam.TagOpenIDConnectProviderRequest>("TagOpenIDConnectProvider", provider, newTags),
  UntagOpenIDConnectProvider: on<Iam.UntagOpenIDConnectProviderRequest>(
    "UntagOpenIDConnectProvider",
    provider,
    oldTags,
  ),
  ListOpenIDConnectProviderTags: on("ListOpenIDConnectProviderTags", provider),
  DeleteOpenIDConnectProvider: on("DeleteOpenIDConnectProvider", provider),

  CreateInstanceProfile(input: Iam.CreateInstanceProfileRequest, call: Call) {
    const resource = iamArn(call, `instance-profile${input.Path ?? "/"}${input.InstanceProfileName ?? ""}`);
    return creation("CreateInstanceProfile", "TagInstanceProfile", resource, input);
  },
  GetInstanceProfile: on("GetInstanceProfile", profile),
  AddRoleToInstanceProfile: (input: Iam.AddRoleToInstanceProfileRequest, call: Call) => [
    ...on("AddRoleToInstanceProfile", profile)(input, call),
    ...passRole(role(input, call).arn, "ec2.amazonaws.com"),
  ],
  RemoveRoleFromInstanceProfile: on("RemoveRoleFromInstanceProfile", profile),
  DeleteInstanceProfile: on("DeleteInstanceProfile", profile),
  ListInstanceProfilesForRole: on("ListInstanceProfilesForRole", role),
  ListInstanceProfiles: onAll("ListInstanceProfiles", "instance-profile/"),

  CreateUser: (input: Iam.CreateUserRequest, call: Call) =>
    creation("CreateUser", "TagUser", iamArn(call, `user${input.Path ?? "/"}${input.UserName ?? ""}`), input),
  GetUser: on("GetUser", user),
  DeleteUser: on("DeleteUser", user),
  ListAccountAliases: onAll("ListAccountAliases", "*"),
} satisfies Rows;

/** What it takes to make the role that a service works with: `eks.amazonaws.com`. */
export function createServiceLinkedRole(service: string, call: Call): Requirement {
  const { path, name } = serviceLinkedRoleOf(service) ?? { path: `/aws-service-role/${service}/`, name: "*" };
  return need("iam:CreateServiceLinkedRole", iamArn(call, `role${path}${name}`), { "iam:AWSServiceName": service });
}
