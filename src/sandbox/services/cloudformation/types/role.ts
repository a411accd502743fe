import { plainText } from "../text.ts";
import type { Making, ResourceType } from "./type.ts";

const roleName = ({ properties, name }: Making) => plainText(properties["RoleName"] ?? name);

/** AWS::IAM::Role. */
export const roleType: ResourceType = {
  properties: {
    AssumeRolePolicyDocument: "object",
    Description: "string",
    ManagedPolicyArns: "array",
    Path: "string",
    RoleName: "string",
  },
  required: ["AssumeRolePolicyDocument"],
  createOnly: ["Path", "RoleName"],
  capability: { named: "RoleName" },
  durations: { create: "stackResource", update: "stackResource", delete: "stackResource" },
  create(making) {
    const RoleName = roleName(making);
    const { AssumeRolePolicyDocument, Description, ManagedPolicyArns = [], Path } = making.properties;
    making.ask("iam", "CreateRole", {
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
      ...(Path === undefined ? {} : { Path }),
      ...(Description === undefined ? {} : { Description }),
      Tags: Object.entries(making.tags).map(([Key, Value]) => ({ Key, Value })),
    });
    for (const PolicyArn of ManagedPolicyArns as string[])
      making.ask("iam", "AttachRolePolicy", { RoleName, PolicyArn });
    return RoleName;
  },
  update({ ask, physicalId: RoleName, properties, before }) {
    const { AssumeRolePolicyDocument, Description, ManagedPolicyArns = [] } = properties;
    ask("iam", "UpdateRole", { RoleName, ...(Description === undefined ? {} : { Description }) });
    ask("iam", "UpdateAssumeRolePolicy", { RoleName, PolicyDocument: JSON.stringify(AssumeRolePolicyDocument) });
    const had = (before["ManagedPolicyArns"] ?? []) as string[];
    const wanted = ManagedPolicyArns as string[];
    for (const PolicyArn of wanted)
      if (!had.includes(PolicyArn)) ask("iam", "AttachRolePolicy", { RoleName, PolicyArn });
    for (const PolicyArn of had)
      if (!wanted.includes(PolicyArn)) ask("iam", "DetachRolePolicy", { RoleName, PolicyArn });
  },
  delete(RoleName, ask, properties) {
    for (const PolicyArn of (properties["ManagedPolicyArns"] ?? []) as string[]) {
      ask("iam", "DetachRolePolicy", { RoleName, PolicyArn });
    }
    ask("iam", "DeleteRole", { RoleName });
  },
  attribute(physicalId, name, { world }) {
    const role = world.state.iam.roles[physicalId];
    return { Arn: role?.arn, RoleId: role?.id }[name];
  },
};
