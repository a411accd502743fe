import type * as Iam from "@aws-sdk/client-iam";
import type { Call } from "../service.ts";
import { identityOf } from "../services/iam/internal.ts";
import { serviceLinkedPath, serviceLinkedRoleOf } from "../services/iam/service-linked-roles.ts";
import type { TagRecord } from "../services/iam/state.ts";
import {
  type Context,
  each,
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

/** What requests name things by. */
type Names = Partial<
  Pick<Iam.GetRoleRequest, "RoleName"> &
    Pick<Iam.GetInstanceProfileRequest, "InstanceProfileName"> &
    Pick<Iam.GetUserRequest, "UserName"> &
    Pick<Iam.GetPolicyRequest, "PolicyArn"> &
    Pick<Iam.GetOpenIDConnectProviderRequest, "OpenIDConnectProviderArn">
>;

/** A resource of IAM: one that is there, or the ARN that it would have. */
interface Resource {
  readonly arn: string;
  readonly tags?: readonly TagRecord[];
  /** In errors. */
  readonly named: string;
}
type Find = (names: Names, call: Call) => Resource;

const role: Find = ({ RoleName = "" }, call) => ({
  ...(own(call.world.state.iam.roles, RoleName) ?? { arn: iamArn(call, `role/${RoleName}`) }),
  named: `role ${RoleName}`,
});

const profile: Find = ({ InstanceProfileName: name = "" }, call) => ({
  ...(own(call.world.state.iam.instanceProfiles, name) ?? { arn: iamArn(call, `instance-profile/${name}`) }),
  named: `instance profile ${name}`,
});

/** Without a name it is the caller. */
const user: Find = ({ UserName }, call) => {
  const name = UserName ?? identityOf(call.world, call.principal).userName ?? "";
  const record = own(call.world.state.iam.users, name) ?? { arn: iamArn(call, `user/${name}`) };
  return { ...record, named: `user ${name}` };
};

const policy: Find = ({ PolicyArn: arn = "" }, { world }) => ({
  ...(own(world.state.iam.policies, arn) ?? { arn }),
  named: `policy ${arn}`,
});

const provider: Find = ({ OpenIDConnectProviderArn: arn = "" }, { world }) => ({
  ...(own(world.state.iam.oidcProviders, arn) ?? { arn }),
  named: arn,
});

function own<T>(records: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(records, key) ? records[key] : undefined;
}

/** What conditions can ask about the request, beside the resource. */
type Asked<Input> = (input: Input, call: Call) => Context;

const boundary: Asked<Names> = ({ RoleName = "" }, { world }) =>
  given({ "iam:PermissionsBoundary": own(world.state.iam.roles, RoleName)?.permissionsBoundary });
const newBoundary: Asked<Partial<Iam.PutRolePermissionsBoundaryRequest>> = ({ PermissionsBoundary }) =>
  given({ "iam:PermissionsBoundary": PermissionsBoundary });
const policyArn: Asked<Partial<Iam.AttachRolePolicyRequest>> = ({ PolicyArn }) => given({ "iam:PolicyARN": PolicyArn });
const newTags: Asked<Partial<Iam.TagRoleRequest>> = ({ Tags }) => requestTags(tagsIn(Tags));
const oldTags: Asked<Partial<Iam.UntagRoleRequest>> = ({ TagKeys }) => removedTags(TagKeys);

/** An action on one resource; `service` has a key of its own for its tags. */
function on<Input>(find: Find, service: string | undefined, ...asked: readonly Asked<Names & Input>[]) {
  return (operation: string) =>
    (input: Names & Input, call: Call): Requirement[] => {
      const { arn, tags, named } = find(input, call);
      const contexts = asked.map((ask) => ask(input, call));
      return [{ ...need(`iam:${operation}`, arn, resourceTags(tagsIn(tags), service), ...contexts), named }];
    };
}

const onRole = <Input = object>(...asked: readonly Asked<Names & Input>[]) => on<Input>(role, "iam", ...asked);

/** An action on all; `named` is what errors call them. */
function onAll(named: string) {
  return (operation: string) => () => [{ ...need(`iam:${operation}`), named }];
}

/** An action on all below a path. */
function onPath(type: string) {
  return (operation: string) =>
    ({ PathPrefix = "/" }: { readonly PathPrefix?: string | undefined }, call: Call) => [
      { ...need(`iam:${operation}`), named: iamArn(call, `${type}${PathPrefix}`) },
    ];
}

interface Creation {
  readonly Path?: string | undefined;
  readonly Tags?: readonly Iam.Tag[] | undefined;
}

/** Tags on creation are a right of their own. */
function creating(action: string, tagging: string, made: string, { Tags }: Creation, asked: Context = {}) {
  const tags = requestTags(tagsIn(Tags));
  return [need(`iam:${action}`, made, tags, asked), ...(Tags?.length ? [need(`iam:${tagging}`, made, tags)] : [])];
}

/** `type/path/name`. */
function arnWithPath(type: string, name: string | undefined, { Path = "/" }: Creation, call: Call): string {
  return iamArn(call, `${type}${Path}${name ?? ""}`);
}

export const iamRows = {
  CreateRole: (input: Iam.CreateRoleRequest, call: Call) =>
    creating(
      "CreateRole",
      "TagRole",
      arnWithPath("role", input.RoleName, input, call),
      input,
      newBoundary(input, call),
    ),
  CreateServiceLinkedRole: ({ AWSServiceName = "" }: Iam.CreateServiceLinkedRoleRequest, call: Call) => [
    creatingServiceLinkedRole(AWSServiceName, call),
  ],
  ...each(["ListRoles"], onPath("role")),
  ...each(
    [
      "GetRole",
      "UpdateRole",
      "UpdateRoleDescription",
      "UpdateAssumeRolePolicy",
      "DeleteRolePermissionsBoundary",
      "DeleteRole",
      "PutRolePolicy",
      "DeleteRolePolicy",
    ],
    onRole(boundary),
  ),
  ...each(
    ["ListRoleTags", "ListAttachedRolePolicies", "GetRolePolicy", "ListRolePolicies", "ListInstanceProfilesForRole"],
    onRole(),
  ),
  ...each(["PutRolePermissionsBoundary"], onRole(newBoundary)),
  ...each(["AttachRolePolicy", "DetachRolePolicy"], onRole(boundary, policyArn)),
  ...each(["TagRole"], onRole(newTags)),
  ...each(["UntagRole"], onRole(oldTags)),

  CreatePolicy: (input: Iam.CreatePolicyRequest, call: Call) =>
    creating("CreatePolicy", "TagPolicy", arnWithPath("policy", input.PolicyName, input, call), input),
  ...each(["GetPolicy", "GetPolicyVersion", "DeletePolicy"], on(policy, undefined)),
  ...each(["ListPolicies"], onAll("policy path /")),

  CreateOpenIDConnectProvider(input: Iam.CreateOpenIDConnectProviderRequest, call: Call) {
    const url = (input.Url ?? "").replace(/^https:\/\//, "").replace(/\/$/, "");
    const made = iamArn(call, `oidc-provider/${url}`);
    return creating("CreateOpenIDConnectProvider", "TagOpenIDConnectProvider", made, input);
  },
  ...each(
    [
      "GetOpenIDConnectProvider",
      "AddClientIDToOpenIDConnectProvider",
      "RemoveClientIDFromOpenIDConnectProvider",
      "UpdateOpenIDConnectProviderThumbprint",
      "ListOpenIDConnectProviderTags",
      "DeleteOpenIDConnectProvider",
    ],
    on(provider, undefined),
  ),
  ...each(["TagOpenIDConnectProvider"], on(provider, undefined, newTags)),
  ...each(["UntagOpenIDConnectProvider"], on(provider, undefined, oldTags)),

  CreateInstanceProfile: (input: Iam.CreateInstanceProfileRequest, call: Call) =>
    creating(
      "CreateInstanceProfile",
      "TagInstanceProfile",
      arnWithPath("instance-profile", input.InstanceProfileName, input, call),
      input,
    ),
  AddRoleToInstanceProfile: (input: Iam.AddRoleToInstanceProfileRequest, call: Call) => [
    ...on(profile, undefined)("AddRoleToInstanceProfile")(input, call),
    ...passRole(role(input, call).arn, "ec2.amazonaws.com"),
  ],
  ...each(["GetInstanceProfile", "RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"], on(profile, undefined)),
  ...each(["TagInstanceProfile"], on(profile, undefined, newTags)),
  ...each(["UntagInstanceProfile"], on(profile, undefined, oldTags)),
  ...each(["ListInstanceProfiles"], onPath("instance-profile")),

  CreateUser: (input: Iam.CreateUserRequest, call: Call) =>
    creating(
      "CreateUser",
      "TagUser",
      arnWithPath("user", input.UserName, input, call),
      input,
      newBoundary(input, call),
    ),
  ...each(["GetUser", "DeleteUser"], on(user, "iam")),
  ...each(["ListAccountAliases", "ListOpenIDConnectProviders"], onAll("*")),
} satisfies Rows;

/** What it takes to make the role that a service works with: `eks.amazonaws.com`. */
export function creatingServiceLinkedRole(service: string, call: Call): Requirement {
  const { path, name } = serviceLinkedRoleOf(service) ?? { path: `${serviceLinkedPath}${service}/`, name: "*" };
  return need("iam:CreateServiceLinkedRole", iamArn(call, `role${path}${name}`), { "iam:AWSServiceName": service });
}
