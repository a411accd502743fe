import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  paginateListInstanceProfiles,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { rolePath } from "../../aws/names.ts";
import { allow, allowWhen, ourInstanceProfiles, passing, instanceProfiles } from "../../aws/permissions.ts";
import { tagList, type Tags, tagsOf } from "../../aws/tags.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { oursAmong } from "../ours.ts";
import { creationTags, tagChanges, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";

export interface InstanceProfileSpec {
  /** The name that somebody asks for; absent: it is nobody's business. */
  readonly chosenName?: string;
  readonly tags: Tags;
}
export interface InstanceProfileDeps {
  readonly role: { readonly arn: string; readonly name: string };
}
export interface InstanceProfileAttrs {
  readonly name: string;
  readonly arn: string;
  /** Null while it holds none. */
  readonly role: string | null;
  readonly tags: Tags;
}

/** What gives a role to instances. Its reference is its name. */
export const instanceProfile: NamedKind<
  InstanceProfileSpec,
  InstanceProfileDeps,
  InstanceProfileAttrs,
  AwsContext,
  "role" | "tags"
> = {
  name: "iam.instance-profile",
  title: "instance profile",
  deletedBefore: ["iam.role"],
  completes: ["role"],
  timing: () => moments,

  actions: {
    list: allow("iam:ListInstanceProfiles"),
    // Where there is none of the name it has no path either.
    read: allow("iam:GetInstanceProfile", instanceProfiles),
    create: [
      ...allow("iam:CreateInstanceProfile", ourInstanceProfiles),
      ...allow("iam:TagInstanceProfile", ourInstanceProfiles, "tags go with CreateInstanceProfile"),
    ],
    delete: allow(["iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"], ourInstanceProfiles),
    role: (planned) => [
      ...allow("iam:AddRoleToInstanceProfile", ourInstanceProfiles),
      ...passing(planned?.roles ?? [], "ec2.amazonaws.com"),
      ...allowWhen("it holds another role", "iam:RemoveRoleFromInstanceProfile", ourInstanceProfiles),
    ],
    tags: allow(["iam:TagInstanceProfile", "iam:UntagInstanceProfile"], ourInstanceProfiles),
  },

  async list(ctx, id) {
    const pages = paginateListInstanceProfiles({ client: ctx.clients.iam }, { PathPrefix: rolePath(ctx.owner) });
    const profiles = await collect(pages, (page) => page.InstanceProfiles);
    const ours = await oursAmong(
      profiles.map(({ InstanceProfileName = "" }) => InstanceProfileName),
      read,
      ctx,
      id,
    );
    // That of a stack goes with it: until then its nodes need it.
    return ours.filter(({ attrs }) => attrs.tags["aws:cloudformation:stack-id"] === undefined);
  },
  read,
  find: read,

  async create(want, ctx) {
    const InstanceProfileName = want.name;
    const Tags = tagList(creationTags(ctx, want.id, want.spec.tags));
    await ctx.clients.iam.send(
      new CreateInstanceProfileCommand({ InstanceProfileName, Path: rolePath(ctx.owner), Tags }),
    );
    return { ref: want.name };
  },

  async delete(live, ctx) {
    await takeRole(live, ctx);
    await ctx.clients.iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: live.ref }));
  },

  aspects: {
    name: {
      want: (spec) => spec.chosenName,
      have: (attrs) => attrs.name,
      change: (from) => ({
        refuse: `IAM cannot rename an instance profile (it is ${String(from)}): keep its name in the file`,
      }),
    },
    role: {
      want: (_spec, { role }) => role.name,
      have: (attrs) => attrs.role,
      change: () => "role",
    },
    tags: tagsAspect,
  },
  updates: {
    async role({ deps }, live, ctx) {
      await takeRole(live, ctx);
      const names = { InstanceProfileName: live.ref, RoleName: deps.role.name };
      await ctx.clients.iam.send(new AddRoleToInstanceProfileCommand(names));
      return undefined;
    },
    async tags({ spec }, { ref, attrs }, { clients }) {
      const { set, remove } = tagChanges(attrs.tags, spec.tags);
      const InstanceProfileName = ref;
      if (remove.length > 0) {
        await clients.iam.send(new UntagInstanceProfileCommand({ InstanceProfileName, TagKeys: [...remove] }));
      }
      if (Object.keys(set).length > 0) {
        await clients.iam.send(new TagInstanceProfileCommand({ InstanceProfileName, Tags: tagList(set) }));
      }
      return undefined;
    },
  },
};

/** A profile holds one role at most, and cannot go with it. */
async function takeRole({ ref, attrs }: Live<InstanceProfileAttrs>, { clients }: AwsContext): Promise<void> {
  if (attrs.role === null) return;
  const names = { InstanceProfileName: ref, RoleName: attrs.role };
  await absentAsNull(() => clients.iam.send(new RemoveRoleFromInstanceProfileCommand(names)));
}

async function read(name: string, ctx: AwsContext): Promise<Live<InstanceProfileAttrs> | null> {
  const request = new GetInstanceProfileCommand({ InstanceProfileName: name });
  const found = (await absentAsNull(() => ctx.clients.iam.send(request)))?.InstanceProfile;
  if (!found) return null;
  const attrs = {
    name,
    arn: found.Arn ?? "",
    role: found.Roles?.[0]?.RoleName ?? null,
    tags: tagsOf(found.Tags),
  };
  return taggedLive(ctx, name, "ready", attrs, { uid: found.InstanceProfileId });
}
