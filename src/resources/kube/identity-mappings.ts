import type { AwsContext } from "../../aws/context.ts";
import { elementChanges, foreignElements, ownElements, wantedElements } from "../../aws/element-ownership.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { moments } from "../timings.ts";
import type { Mappings } from "./aws-auth-document.ts";
import { mappedByHand } from "./by-hand.ts";
import { changeAwsAuth, readAwsAuth } from "./aws-auth.ts";
import { apiActions } from "./reached-api.ts";

export interface IdentityMappingsSpec {
  /** By the ARN of a role (without its path, which aws-auth cannot carry) or user, or by account. */
  readonly mappings: Mappings;
}
export interface IdentityMappingsDeps {
  readonly cluster: { readonly name: string };
}
export interface IdentityMappingsAttrs {
  /** All there are. */
  readonly mappings: Mappings;
  /** The keys of those that we have made. */
  readonly ours: readonly string[];
}

const name = "aws-auth";
const id = "identity-mappings";

/** Our part of the ConfigMap aws-auth, which EKS and others write as well: there are no mappings of ours without the memory. */
export const identityMappings: NamedKind<
  IdentityMappingsSpec,
  IdentityMappingsDeps,
  IdentityMappingsAttrs,
  AwsContext,
  "mappings"
> = {
  name: "kube.identity-mappings",
  title: "mappings in aws-auth",
  deletedBefore: ["eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: { ...apiActions, mappings: [] },

  byHand: ({ spec }) => (Object.keys(spec.mappings).length === 0 ? [] : [mappedByHand(spec.mappings)]),

  async list(ctx, wanted) {
    const live = await read(name, ctx);
    return live === null || (wanted !== undefined && wanted !== id) ? [] : [live];
  },
  read,
  find: read,

  async create({ spec }, ctx) {
    await change(ctx, spec.mappings);
    return { ref: name };
  },

  async delete(_live, ctx) {
    await change(ctx, undefined);
  },

  aspects: {
    mappings: {
      want: (spec) => spec.mappings,
      have: ({ mappings, ours }, want) => ownElements(mappings, wantedElements(want), (key) => ours.includes(key)),
      change: () => "mappings",
      kept: ({ mappings, ours }, want) => foreignElements(mappings, wantedElements(want), (key) => ours.includes(key)),
    },
  },

  updates: {
    async mappings({ spec }, _live, ctx) {
      await change(ctx, spec.mappings);
      return undefined;
    },
  },
};

/** Brings our mappings to the wanted ones; undefined: takes them and the memory away. */
async function change(ctx: AwsContext, wanted: Mappings | undefined): Promise<void> {
  await changeAwsAuth(ctx, "people", ({ mappings, ours }) => ({
    ...elementChanges(mappings, wanted ?? {}, (key) => ours?.includes(key) ?? false),
    ours: wanted === undefined ? null : Object.keys(wanted),
  }));
}

/** Takes a mapping away, whoever made it. */
export function removeMapping(ctx: AwsContext, key: string): Promise<void> {
  return changeAwsAuth(ctx, "people", ({ ours }) => ({
    set: {},
    remove: [key],
    ...(ours?.includes(key) ? { ours: ours.filter((one) => one !== key) } : {}),
  }));
}

async function read(_ref: string, ctx: AwsContext): Promise<Live<IdentityMappingsAttrs> | null> {
  const found = await readAwsAuth(ctx, "people");
  if (found === null || found.ours === null) return null;
  const { mappings, ours, uid } = found;
  const live = { id, ref: name, owner: "us", phase: "ready", attrs: { mappings, ours } } as const;
  return { ...live, ...(uid === undefined ? {} : { uid }) };
}
