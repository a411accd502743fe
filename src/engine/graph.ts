import type { AnyKind, Kind } from "./kind.ts";

declare const attrsOf: unique symbol;

/** A typed pointer to a node: what it will be in AWS has these attributes. */
export interface Handle<Attrs> {
  readonly id: string;
  /** Set when the handle points to one attribute of the node instead of all of them. */
  readonly part?: string;
  readonly [attrsOf]?: Attrs;
}

export type Handles<Deps> = {
  readonly [K in keyof Deps]: Deps[K] extends readonly (infer A)[] ? readonly Handle<A>[] : Handle<Deps[K]>;
};

/**
 * An order: the node starts only when `on` is created (its creating call has returned), or ready. A dependency is waited for until
 * it is ready, unless an edge to it says otherwise.
 */
export interface Edge {
  readonly on: Handle<unknown>;
  readonly until: "created" | "ready";
}

export interface NodeOptions<Spec, Deps, Group extends string, Attrs = unknown> {
  readonly id: string;
  /** The AWS name. */
  readonly name: string;
  readonly spec: Spec;
  /** Only for the create call: defaults that are not enforced later, and values that end otherwise. */
  readonly initially?: Partial<Spec>;
  readonly deps: Handles<Deps>;
  /**
   * Attributes that are known before it exists: they follow from its name, and a successor would have the same. Who reads
   * them is compared with them also while it is missing.
   */
  readonly foreseen?: Partial<Attrs>;
  readonly after?: readonly Edge[];
  /** Health is judged only when these are ready ("never": not awaited, reported as deferred). */
  readonly healthyAfter?: readonly Handle<unknown>[] | "never";
  /** Update groups that run last: only after these are done. */
  readonly late?: { readonly [G in Group]?: readonly Handle<unknown>[] };
}

/** A node as the engine sees it: everything set, types erased. */
export type GraphNode<Ctx> = { readonly id: string } & (
  | {
      readonly source: "managed";
      readonly kind: AnyKind<Ctx>;
      readonly name: string;
      /** Of a type that only its kind knows. */
      readonly spec: never;
      readonly initially: object;
      readonly deps: Readonly<Record<string, Handle<unknown> | readonly Handle<unknown>[]>>;
      readonly foreseen: object;
      readonly after: readonly Edge[];
      readonly healthyAfter: readonly Handle<unknown>[] | "never";
      readonly late: Readonly<Record<string, readonly Handle<unknown>[]>>;
    }
  | { readonly source: "observed"; readonly kind: AnyKind<Ctx>; readonly ref: string }
  | { readonly source: "given"; readonly attrs: unknown }
);
export type ManagedNode<Ctx> = Extract<GraphNode<Ctx>, { source: "managed" }>;

/** What is wanted: nodes by id, in the order they were added; every node only points to earlier ones. */
export class Graph<Ctx> {
  readonly nodes: ReadonlyMap<string, GraphNode<Ctx>>;
  readonly #nodes = new Map<string, GraphNode<Ctx>>();

  constructor() {
    this.nodes = this.#nodes;
  }

  add<Spec, Deps, Attrs, Group extends string>(
    kind: Kind<Spec, Deps, Attrs, Ctx, Group>,
    node: NodeOptions<Spec, Deps, Group, Attrs>,
  ): Handle<Attrs> {
    return this.#put({
      source: "managed",
      kind: kind as unknown as AnyKind<Ctx>,
      initially: {},
      foreseen: {},
      after: [],
      healthyAfter: [],
      ...(node as unknown as Omit<
        ManagedNode<Ctx>,
        "source" | "kind" | "initially" | "foreseen" | "after" | "healthyAfter" | "late"
      >),
      late: (node.late ?? {}) as ManagedNode<Ctx>["late"],
    });
  }

  /**
   * Says of a node that is there already that an update group of it runs last, only after others, and what it is made with
   * until then.
   */
  last<Spec, Deps, Attrs, Group extends string>(
    kind: Kind<Spec, Deps, Attrs, Ctx, Group>,
    { id }: Handle<unknown>,
    group: Group,
    { after, initially = {} }: { readonly after: readonly Handle<unknown>[]; readonly initially?: Partial<Spec> },
  ): void {
    const node = this.#nodes.get(id);
    if (node?.source !== "managed" || node.kind.name !== kind.name) throw new Error(`${id} is no ${kind.name}`);
    const late = { ...node.late, [group]: after };
    this.#nodes.set(id, { ...node, initially: { ...node.initially, ...initially }, late });
  }

  /** Exists and is not ours: read by its AWS identifier, never created or deleted. Absent = an error in the file. */
  observed<Spec, Deps, Attrs, Group extends string>(
    kind: Kind<Spec, Deps, Attrs, Ctx, Group>,
    node: { readonly id: string; readonly ref: string },
  ): Handle<Attrs> {
    return this.#put({ source: "observed", kind: kind as unknown as AnyKind<Ctx>, ...node });
  }

  /** Known from the file alone (`iam.serviceRoleARN`). */
  given<Attrs>(id: string, attrs: Attrs): Handle<Attrs> {
    return this.#put({ source: "given", id, attrs });
  }

  #put<Attrs>(node: GraphNode<Ctx>): Handle<Attrs> {
    if (this.#nodes.has(node.id)) throw new Error(`the graph has two nodes with the id ${node.id}`);
    for (const handle of pointers(node)) {
      if (!this.#nodes.has(handle.id)) throw new Error(`${node.id} points to ${handle.id}, which is not in the graph`);
    }
    this.#nodes.set(node.id, node);
    return { id: node.id };
  }
}

/** Points to one attribute of a node: the security group that EKS makes for a cluster. */
export function part<Attrs, Key extends keyof Attrs & string>(handle: Handle<Attrs>, key: Key): Handle<Attrs[Key]> {
  return { id: handle.id, part: key };
}

/** The handles whose attributes a managed node reads. */
export function dependencies<Ctx>(node: ManagedNode<Ctx>): readonly Handle<unknown>[] {
  return Object.values(node.deps).flat();
}

function pointers<Ctx>(node: GraphNode<Ctx>): readonly Handle<unknown>[] {
  if (node.source !== "managed") return [];
  return [...dependencies(node), ...node.after.map((edge) => edge.on)];
}
