import type * as Iam from "@aws-sdk/client-iam";
import type { Call, Checked } from "../../service.ts";
import type { World } from "../../world.ts";
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from "./errors.ts";
import { checkName, checkedPath } from "./names.ts";
import { consistency } from "./consistency.ts";
import { roleInList, roleNamed } from "./roles.ts";
import type { InstanceProfileRecord } from "./state.ts";
import { markedPage, withTags } from "./tags.ts";

export const instanceProfileHandlers = {
  CreateInstanceProfile(
    input: Checked<Iam.CreateInstanceProfileRequest>,
    { world, partition, account }: Call,
  ): Iam.CreateInstanceProfileResponse {
    const { instanceProfiles } = world.state.iam;
    const name = input.InstanceProfileName;
    checkName("instanceProfileName", name, 128);
    const path = checkedPath(input.Path);
    if (Object.hasOwn(instanceProfiles, name)) throw alreadyExists(`Instance Profile ${name} already exists.`);
    const profile: InstanceProfileRecord = {
      name,
      path,
      arn: `arn:${partition}:iam::${account}:instance-profile${path}${name}`,
      id: `AIPA${world.hex(17).toUpperCase()}`,
      createdAt: world.now(),
      tags: withTags([], input.Tags),
      ...consistency(world, name),
    };
    instanceProfiles[name] = profile;
    return { InstanceProfile: profileView(world, profile) };
  },

  GetInstanceProfile(input: Checked<Iam.GetInstanceProfileRequest>, { world }: Call): Iam.GetInstanceProfileResponse {
    return { InstanceProfile: profileView(world, profileNamed(world, input.InstanceProfileName)) };
  },

  AddRoleToInstanceProfile(input: Checked<Iam.AddRoleToInstanceProfileRequest>, { world }: Call): void {
    const profile = profileNamed(world, input.InstanceProfileName);
    const role = roleNamed(world, input.RoleName);
    if (profile.roleName !== undefined)
      throw limitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    profile.roleName = role.name;
  },

  RemoveRoleFromInstanceProfile(input: Checked<Iam.RemoveRoleFromInstanceProfileRequest>, { world }: Call): void {
    const profile = profileNamed(world, input.InstanceProfileName);
    if (profile.roleName !== input.RoleName) {
      throw noSuchEntity(`Role ${input.RoleName} is not in instance profile ${profile.name}.`);
    }
    delete profile.roleName;
  },

  TagInstanceProfile(input: Checked<Iam.TagInstanceProfileRequest>, { world }: Call): void {
    const profile = profileNamed(world, input.InstanceProfileName);
    profile.tags = withTags(profile.tags, input.Tags);
  },

  UntagInstanceProfile(input: Checked<Iam.UntagInstanceProfileRequest>, { world }: Call): void {
    const profile = profileNamed(world, input.InstanceProfileName);
    profile.tags = profile.tags.filter(({ Key }) => !input.TagKeys.includes(Key));
  },

  DeleteInstanceProfile(input: Checked<Iam.DeleteInstanceProfileRequest>, { world }: Call): void {
    const profile = profileNamed(world, input.InstanceProfileName);
    if (profile.roleName !== undefined) {
      throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
    }
    delete world.state.iam.instanceProfiles[profile.name];
  },

  /** Without tags, as IAM's lists are. */
  ListInstanceProfiles(input: Iam.ListInstanceProfilesRequest, { world }: Call): Iam.ListInstanceProfilesResponse {
    const path = input.PathPrefix ?? "/";
    const found = Object.values(world.state.iam.instanceProfiles).filter((profile) => profile.path.startsWith(path));
    const { items, page } = markedPage(found, input);
    return { InstanceProfiles: items.map((profile) => inList(world, profile)), ...page };
  },

  ListInstanceProfilesForRole(
    input: Checked<Iam.ListInstanceProfilesForRoleRequest>,
    { world }: Call,
  ): Iam.ListInstanceProfilesForRoleResponse {
    const role = roleNamed(world, input.RoleName);
    const found = Object.values(world.state.iam.instanceProfiles).filter(
      (profile) => profile.roleName === role.name && profile.visibleAt <= world.now(),
    );
    const { items, page } = markedPage(found, input);
    return { InstanceProfiles: items.map((profile) => inList(world, profile)), ...page };
  },
};

function profileNamed(world: World, name: string): InstanceProfileRecord {
  const { instanceProfiles } = world.state.iam;
  const profile = Object.hasOwn(instanceProfiles, name) ? instanceProfiles[name] : undefined;
  if (!profile || profile.visibleAt > world.now()) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

function inList(world: World, profile: InstanceProfileRecord): Iam.InstanceProfile {
  const { Tags: _, ...listed } = profileView(world, profile);
  return listed;
}

function profileView(world: World, profile: InstanceProfileRecord): Iam.InstanceProfile {
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAt),
    Roles: profile.roleName === undefined ? [] : [roleInList(roleNamed(world, profile.roleName))],
    Tags: profile.tags,
  };
}
