import {
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  type InstanceProfile,
  paginateListInstanceProfiles,
  paginateListInstanceProfilesForRole,
  paginateListRoles,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { mayBeRoleOf } from "../../aws/names.ts";
import { allow, allowWhen, instanceProfiles, ourRoles, rolesWithOurName } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { allowOnMade, derivedAmong, derivedLive } from "../made-for-cluster.ts";
import { moments } from "../timings.ts";

export interface DerivedInstanceProfileAttrs {
  readonly name: string;
  readonly roles: readonly string[];
  readonly tags: Tags;
}

/**
 * Made by Karpenter, for the role of its nodes: under Karpenter's path, or holding a role of ours, which could not be deleted.
 * IAM knows no regions and no VPCs: both ways say whose it is.
 */
export const derivedInstanceProfile: DerivedKind<DerivedInstanceProfileAttrs, AwsContext> = {
  name: "iam.derived-instance-profile",
  title: "instance profile",
  deletedBefore: ["iam.role"],
  madeFor: "eks.cluster",
  timing: () => moments,
  actions: {
    list: [
      ...allow(["iam:ListRoles", "iam:ListInstanceProfiles"]),
      ...allow("iam:ListInstanceProfilesForRole", ourRoles),
      ...allowWhen("roles have no path, or have it no more", "iam:ListInstanceProfilesForRole", rolesWithOurName),
    ],
    read: allow("iam:GetInstanceProfile", instanceProfiles),
    delete: allowOnMade(
      "instanceProfile",
      ["iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
      instanceProfiles,
    ),
  },

  async list(ctx) {
    const { iam } = ctx.clients;
    const atPath = paginateListInstanceProfiles({ client: iam }, { PathPrefix: karpenterPath(ctx) });
    const [byPath, roles] = await Promise.all([collect(atPath, (page) => page.InstanceProfiles), roleNames(ctx)]);
    const byRole = await Promise.all(
      roles.map((RoleName) => {
        const pages = paginateListInstanceProfilesForRole({ client: iam }, { RoleName });
        return absentAsNull(() => collect(pages, (page) => page.InstanceProfiles));
      }),
    );
    const found = [...byPath, ...byRole.flatMap((profiles) => profiles ?? [])];
    const names = new Set(found.flatMap(({ InstanceProfileName }) => InstanceProfileName ?? []));
    const lives = await Promise.all([...names].map((name) => read(name, ctx)));
    return derivedAmong(lives.flatMap((live) => live ?? []));
  },
  read,
  async delete({ ref, attrs }, { clients }) {
    for (const RoleName of attrs.roles) {
      const request = new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: ref, RoleName });
      await absentAsNull(() => clients.iam.send(request));
    }
    await clients.iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: ref }));
  },
};

/** Where Karpenter puts the profiles of a cluster's node classes. */
function karpenterPath({ owner }: AwsContext): string {
  return `/karpenter/${owner.region}/${owner.cluster}/`;
}

/** Names of the roles that may be ours. */
async function roleNames(ctx: AwsContext): Promise<readonly string[]> {
  const pages = paginateListRoles({ client: ctx.clients.iam, pageSize: 1000 }, { PathPrefix: "/" });
  const roles = await collect(pages, (page) => page.Roles);
  return roles.filter((role) => mayBeRoleOf(ctx.owner, role)).flatMap(({ RoleName }) => RoleName ?? []);
}

/** The reference of a profile is its name. */
async function read(name: string, ctx: AwsContext): Promise<Live<DerivedInstanceProfileAttrs> | null> {
  const request = new GetInstanceProfileCommand({ InstanceProfileName: name });
  const answer = await absentAsNull(() => ctx.clients.iam.send(request));
  return answer?.InstanceProfile ? toLive(name, answer.InstanceProfile, ctx) : null;
}

function toLive(
  name: string,
  { InstanceProfileId: uid, Path = "", Roles = [], Tags }: InstanceProfile,
  ctx: AwsContext,
): Live<DerivedInstanceProfileAttrs> {
  const isHere = Path.startsWith(karpenterPath(ctx)) || Roles.some((role) => mayBeRoleOf(ctx.owner, role));
  const roles = Roles.flatMap(({ RoleName }) => RoleName ?? []);
  const attrs = { name, roles, tags: tagsOf(Tags) };
  return derivedLive(ctx, "instanceProfile", { ref: name, uid, attrs, isHere });
}
