import {
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  type DescribeKeyPairsRequest,
  ImportKeyPairCommand,
  type KeyPairInfo,
} from "@aws-sdk/client-ec2";
import { created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

export interface KeyPairSpec {
  /** As OpenSSH writes it: type, key in base64, and perhaps a comment. */
  readonly publicKey: string;
  readonly tags: Tags;
}
export interface KeyPairAttrs {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
  readonly tags: Tags;
}

/** The public half of a key that somebody has, imported. */
export const keyPair: NamedKind<KeyPairSpec, object, KeyPairAttrs, AwsContext, "tags"> = {
  name: "ec2.key-pair",
  title: "key pair",
  deletedBefore: [],
  timing: () => moments,

  actions: {
    list: allow("ec2:DescribeKeyPairs"),
    read: allow("ec2:DescribeKeyPairs"),
    create: making("ImportKeyPair", "key-pair"),
    delete: allow("ec2:DeleteKeyPair", ours("key-pair")),
    tags: retagging("key-pair"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ KeyPairIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },
  async find(name, ctx) {
    const found = await absentAsNull(() => describe({ KeyNames: [name] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { KeyPairId } = await ctx.clients.ec2.send(
      new ImportKeyPairCommand({
        KeyName: want.name,
        PublicKeyMaterial: Buffer.from(want.spec.publicKey),
        TagSpecifications: tagSpecifications("key-pair", want, ctx),
      }),
    );
    return created(KeyPairId, "key pair");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new DeleteKeyPairCommand({ KeyPairId: live.ref }));
  },

  aspects: {
    publicKey: {
      want: (spec) => withoutComment(spec.publicKey),
      have: (attrs) => withoutComment(attrs.publicKey),
      change: () => "replace",
    },
    tags: tagsAspect,
  },
  updates: { tags: updateTags },
};

/** EC2 gives a key back with a comment of its own. */
function withoutComment(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(" ");
}

async function describe(request: DescribeKeyPairsRequest, ctx: AwsContext): Promise<readonly Live<KeyPairAttrs>[]> {
  const { KeyPairs } = await ctx.clients.ec2.send(new DescribeKeyPairsCommand({ ...request, IncludePublicKey: true }));
  return (KeyPairs ?? []).map((one) => toLive(one, ctx));
}

function toLive(one: KeyPairInfo, ctx: AwsContext): Live<KeyPairAttrs> {
  const id = one.KeyPairId ?? "";
  const attrs = { id, name: one.KeyName ?? "", publicKey: one.PublicKey ?? "", tags: tagsOf(one.Tags) };
  return taggedLive(ctx, id, "ready", attrs);
}
