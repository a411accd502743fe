import type { AwsContext } from "../../aws/context.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { moments } from "../timings.ts";
import type { IdentityMapping } from "./aws-auth-document.ts";
import { mappedByHand } from "./by-hand.ts";
import { type AwsAuth, changeAwsAuth, readAwsAuth } from "./aws-auth.ts";
import { apiActions } from "./reached-api.ts";

export interface NodeMappingSpec {
  /** Without a path, which aws-auth cannot carry. */
  readonly roleArn: string;
  readonly system: "linux" | "windows";
}
export interface NodeMappingDeps {
  readonly cluster: { readonly name: string };
}
export interface NodeMappingAttrs {
  readonly mapping: IdentityMapping;
}

const idPrefix = "node-mapping/";

/** What aws-auth says of the role of nodes (EKS user guide, "Self-managed nodes", "Windows nodes"). */
function nodeMappingOf(system: NodeMappingSpec["system"]): IdentityMapping {
  return {
    groups: ["system:bootstrappers", "system:nodes", ...(system === "windows" ? ["eks:kube-proxy-windows"] : [])],
    username: "system:node:{{EC2PrivateDNSName}}",
  };
}

/**
 * What lets nodes in that EKS does not manage, where aws-auth is the only way: a mapping of their role. It is a thing of its
 * own, since it stays as long as such nodes do. Its reference is the role's ARN.
 */
export const nodeMapping: NamedKind<NodeMappingSpec, NodeMappingDeps, NodeMappingAttrs, AwsContext, "mapping"> = {
  name: "kube.node-mapping",
  title: "mapping of nodes in aws-auth",
  deletedBefore: ["eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: { ...apiActions, mapping: [] },

  byHand: ({ spec }) => [mappedByHand({ [spec.roleArn]: nodeMappingOf(spec.system) })],

  async list(ctx, id) {
    const found = await readAwsAuth(ctx, "nodes");
    const lives = (found?.ours ?? []).flatMap((arn) => toLive(arn, found) ?? []);
    return lives.filter((live) => id === undefined || live.id === id);
  },
  read,
  find: read,

  async create({ spec }, ctx) {
    await write(spec, ctx);
    return { ref: spec.roleArn };
  },

  async delete({ ref }, ctx) {
    await changeAwsAuth(ctx, "nodes", ({ ours }) => {
      const left = (ours ?? []).filter((arn) => arn !== ref);
      return { set: {}, remove: [ref], ours: left.length === 0 ? null : left };
    });
  },

  aspects: {
    mapping: {
      want: ({ system }) => nodeMappingOf(system),
      have: ({ mapping }) => mapping,
      change: () => "mapping",
    },
  },

  updates: {
    async mapping({ spec }, _live, ctx) {
      await write(spec, ctx);
      return undefined;
    },
  },
};

async function write({ roleArn, system }: NodeMappingSpec, ctx: AwsContext): Promise<void> {
  await changeAwsAuth(ctx, "nodes", ({ ours }) => ({
    set: { [roleArn]: nodeMappingOf(system) },
    remove: [],
    ours: [...new Set([...(ours ?? []), roleArn])],
  }));
}

async function read(arn: string, ctx: AwsContext): Promise<Live<NodeMappingAttrs> | null> {
  return toLive(arn, await readAwsAuth(ctx, "nodes"));
}

/** One that somebody else has made is used, and stays. */
function toLive(arn: string, found: AwsAuth | null): Live<NodeMappingAttrs> | null {
  const mapping = found?.mappings[arn];
  if (mapping === undefined) return null;
  const isOurs = found?.ours?.includes(arn) ?? false;
  return {
    id: isOurs ? `${idPrefix}${arn}` : "",
    ref: arn,
    owner: isOurs ? "us" : "shared",
    phase: "ready",
    attrs: { mapping },
  };
}
