import { plainText } from "../text.ts";
import type { Making, ResourceType } from "./type.ts";

const profileName = ({ properties, name }: Making) => plainText(properties["InstanceProfileName"] ?? name);

/** AWS::IAM::InstanceProfile. */
export const instanceProfileType: ResourceType = {
  properties: { InstanceProfileName: "string", Path: "string", Roles: "array" },
  required: ["Roles"],
  createOnly: ["InstanceProfileName", "Path"],
  capability: { named: "InstanceProfileName" },
  durations: { create: "stackInstanceProfile", update: "stackResource", delete: "stackResource" },
  create(making) {
    const InstanceProfileName = profileName(making);
    const { Path, Roles } = making.properties;
    making.ask("iam", "CreateInstanceProfile", {
      InstanceProfileName,
      ...(Path === undefined ? {} : { Path }),
      Tags: Object.entries(making.tags).map(([Key, Value]) => ({ Key, Value })),
    });
    for (const RoleName of Roles as string[]) {
      making.ask("iam", "AddRoleToInstanceProfile", { InstanceProfileName, RoleName });
    }
    return InstanceProfileName;
  },
  update({ ask, physicalId, properties, before }) {
    for (const RoleName of before["Roles"] as string[]) {
      ask("iam", "RemoveRoleFromInstanceProfile", { InstanceProfileName: physicalId, RoleName });
    }
    for (const RoleName of properties["Roles"] as string[]) {
      ask("iam", "AddRoleToInstanceProfile", { InstanceProfileName: physicalId, RoleName });
    }
  },
  delete(physicalId, ask, properties) {
    for (const RoleName of properties["Roles"] as string[]) {
      ask("iam", "RemoveRoleFromInstanceProfile", { InstanceProfileName: physicalId, RoleName });
    }
    ask("iam", "DeleteInstanceProfile", { InstanceProfileName: physicalId });
  },
  attribute(physicalId, name, { world }) {
    return name === "Arn" ? world.state.iam.instanceProfiles[physicalId]?.arn : undefined;
  },
  mark(physicalId, tags, { world }) {
    const profile = world.state.iam.instanceProfiles[physicalId];
    profile?.tags.push(...Object.entries(tags).map(([Key, Value]) => ({ Key, Value })));
  },
};
