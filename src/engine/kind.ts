/** A resource kind's name: the AWS service (or `kube`, `local`) and the resource, as in `ec2.nat-gateway`. */
export type KindName =
  `${"autoscaling" | "cloudformation" | "ec2" | "eks" | "elb" | "events" | "iam" | "kube" | "local" | "logs" | "rolesanywhere" | "sqs" | "ssm"}.${string}`;

/**
 * Where a thing is in its life, whatever words its service has for it.
 * - `failed`: never came up and holds nothing; the only phase that is repaired by deletion and creation.
 * - `degraded`: exists, can be changed and depended on, is not healthy, may heal by itself (CoreDNS without nodes).
 */
export type Phase = "pending" | "ready" | "degraded" | "failed" | "deleting";

/**
 * `shared` things are used and updated, never deleted; `foreign` ones are only read. `derived` ones were made by something of
 * ours, and are deleted when that is.
 */
export type Ownership = "us" | "derived" | "shared" | "foreign";

/** One thing in AWS. Two live things may share an `id` (a successor and what it replaces), never a `ref`. */
export interface Live<Attrs> {
  /** Logical id, from the `ekstool.dev/id` tag; empty for what carries none of our tags. */
  readonly id: string;
  /** AWS's own identifier: `vpc-0ab…`, an ARN, an EKS name. */
  readonly ref: string;
  readonly owner: Ownership;
  readonly phase: Phase;
  readonly attrs: Attrs;
  /** Where a ref is a name: AWS's unique id, or when it was made. Tells it from a later thing of that name. */
  readonly uid?: string;
  /** AWS's own words on why it is pending, degraded or failed. */
  readonly detail?: string;
  /** Why AWS will not delete it, and how somebody turns that off. */
  readonly protection?: string;
}

/** Something that keeps a thing from being deleted. */
export interface Holder {
  /** What it is, and AWS's identifier or ARN of it. */
  readonly name: string;
  /** It goes by itself, or is about to be deleted: waited for. */
  readonly leaves: boolean;
}

/** Thrown by `list`, `find` or `read` of a kind that cannot be seen from here (an endpoint that is private): deferred, not failed. */
export class UnobservableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnobservableError";
  }
}

export interface OperationStatus {
  readonly state: "running" | "done" | "failed";
  readonly detail?: string;
  /** [done, of how many]. */
  readonly progress?: readonly [number, number];
}

/** Work that AWS reports on apart from the resource: an EKS update, a change set, a drain. */
export interface Operation {
  readonly what: string;
  /** Seconds between two looks, where the looks are what does the work. */
  readonly every?: number;
  check(): Promise<OperationStatus>;
}

/** What a create or update call is given. */
export interface Want<Spec, Deps> {
  readonly id: string;
  /** The AWS name to use: the plain one, or a successor's (`<name>-<hash of what cannot change in place>`). */
  readonly name: string;
  /**
   * Client request token, 64 hex digits: a hash of owner, id, request and what is replaced. Same request, same token (for
   * updates and for kinds with `find`: within a run).
   */
  readonly token: string;
  readonly spec: Spec;
  readonly deps: Deps;
  /** What it takes over from, and what of the spec is enforced: the rest is as it was. */
  readonly replaces?: { readonly live: Live<unknown>; readonly enforced: Spec };
}

/** How a difference is brought in: by an update group, by replacement, or not at all and why. */
export type Effect<Group extends string> = Group | "replace" | { readonly refuse: string };

/** One separately comparable part of a kind. Plan, dry run, diff and apply all come from it. */
export interface Aspect<Spec, Deps, Attrs, Group extends string> {
  /** `undefined` = not managed. Reading a dependency that does not exist yet makes the aspect "known after apply". */
  want(spec: Spec, deps: Deps): unknown;
  /**
   * May restrict itself to what is wanted and what we once wrote, so that foreign elements are neither seen nor removed.
   * `want` is undefined while it is not known.
   */
  have(attrs: Attrs, want: unknown): unknown;
  change(from: unknown, to: unknown): Effect<Group>;
  /** Elements that others wrote: kept, and shown as kept. */
  kept?(attrs: Attrs, want: unknown): readonly string[];
}

/** Seconds. */
export interface Duration {
  readonly expect: number;
  readonly limit: number;
}

export interface Lock {
  readonly name: "cluster" | "fargate";
  readonly mode: "shared" | "exclusive";
}

/**
 * How much a verb depends on a permission.
 * - `required`: it fails without.
 * - `conditional`: it fails without, in the case that the reason names.
 * - `optional`: it goes on without, and says what is missing.
 */
export type Need = "required" | "conditional" | "optional";

/** A permission, as a policy allows it. The names are the provider's. */
export interface Action {
  /** `ec2:CreateVpc`. */
  readonly action: string;
  /** `*`, or patterns of ARNs, whose placeholders stand for the cluster and the account that it is about. */
  readonly resources: readonly string[];
  /** Operator to key to values, as a policy has it: `{ StringEquals: { "iam:PassedToService": ["eks.amazonaws.com"] } }`. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly need: Need;
  /** Conditional: the case. Optional: what goes missing. Required: what else than the call of this name needs it. */
  readonly reason?: string;
}

/** What permissions are asked for: a thing that is or would be made. */
export interface Planned<Spec> {
  readonly name: string;
  /** The pattern of all names that we form like this one; for a name that somebody chose, that name. */
  readonly alike: string;
  readonly spec: Spec;
  /** ARN patterns of the roles that it is made from. */
  readonly roles: readonly string[];
}

/** The permissions of a verb. `undefined`: of looking for what nobody wants. */
type Permissions<Spec> = readonly Action[] | Bivariant<[Planned<Spec> | undefined], readonly Action[]>;

type Bivariant<Args extends readonly unknown[], Result> = { call(...args: Args): Result }["call"];

/** What has to be known of a kind to find its things and to delete them. */
export interface Removable<Attrs, Ctx> {
  readonly name: KindName;
  /** What a person calls it: "NAT gateway". */
  readonly title: string;
  /** Kinds whose every instance is deleted only after all of this one are gone. Acyclic; orders deletes only. */
  readonly deletedBefore: readonly KindName[];
  /** AWS takes one of them at a time: what is replaced goes before its successor is made, which has the plain name. */
  readonly onlyOne?: true;
  /** Goes when all else has gone, or has turned out to stay. */
  readonly deletedLast?: true;
  /** Holds data of people: stays unless its deletion is asked for. */
  readonly holdsData?: true;
  /** Of its names; a successor's is cut to fit. */
  readonly longestName?: number;
  /** Deleting the whole cluster takes these along: they get no delete step of their own then. */
  readonly diesWith?: KindName;
  timing(verb: "delete" | "retire", spec: undefined, live: Live<Attrs> | undefined): Duration;
  locks?(verb: "delete"): readonly Lock[];
  /**
   * The permissions that each verb takes, those that AWS checks by itself included. `list` is sent whatever there is, `read`
   * for what there is or may be.
   */
  readonly actions: Readonly<Record<"list" | "read" | "delete", Permissions<never>>>;

  /** All that is ours, or all with this id, found by tag. */
  list(ctx: Ctx, id?: string): Promise<readonly Live<Attrs>[]>;
  /** By AWS identifier; null when absent (or lingering as `deleted`). */
  read(ref: string, ctx: Ctx): Promise<Live<Attrs> | null>;
  delete(live: Live<Attrs>, ctx: Ctx): Promise<void>;
  /** What keeps it from being deleted, as far as that can be seen. */
  holders?(live: Live<Attrs>, ctx: Ctx): Promise<readonly Holder[]>;
  /**
   * Work before replacement and explicit deletion (cordon, drain); never for deleting a whole cluster. Undefined where nothing is
   * to be done; UnobservableError where it cannot be done from here, and then the thing goes without.
   */
  retire?(live: Live<Attrs>, ctx: Ctx): Promise<Operation | undefined>;
}

/** A kind of which nothing is ever planned: its things are made by others for something of ours, and go when that goes. */
export interface DerivedKind<Attrs, Ctx> extends Removable<Attrs, Ctx> {
  readonly actions: Readonly<Record<"list" | "read" | "delete", readonly Action[]>>;
  /** The kind of what they are made for. When that is gone, they are looked for once more: it may have made new ones. */
  readonly madeFor: KindName;
  /** Seconds after the end of what they are made for within which they may still appear. */
  appearsWithin?(ctx: Ctx): number;
}

/** Everything that is known about one AWS resource, in one file. `Group` names the update calls it takes. */
export interface Kind<Spec, Deps, Attrs, Ctx, Group extends string = never> extends Removable<Attrs, Ctx> {
  /** Update groups that interrupt workloads or the API (shown in the plan, asked for). */
  readonly interrupts?: readonly Group[];
  /**
   * Update groups that finish what the one creating call cannot make (routes, attached policies): a creation that was cut
   * short is completed by them, also where other differences are only listed.
   */
  readonly completes?: readonly Group[];
  /**
   * Attributes that an update group gives a value which only AWS knows (a template's latest version): whoever reads them
   * is "known after apply" while such an update is planned.
   */
  readonly renews?: { readonly [G in Group]?: readonly string[] };
  timing(verb: "create" | "delete" | "retire" | Group, spec: Spec | undefined, live: Live<Attrs> | undefined): Duration;
  locks?(verb: "create" | "delete" | Group): readonly Lock[];
  /** `read` stands for `find`, too. */
  readonly actions: Readonly<Record<"list" | "read" | "create" | "delete", Permissions<Spec>>> &
    Readonly<Record<Group, Permissions<Spec>>> & { readonly retire?: Permissions<Spec> };

  /**
   * By AWS name, whoever owns it, for kinds whose names are unique: this is how a conflict is seen. `spec` is what would be made, for
   * kinds of which something else than the name can be taken.
   */
  find?(name: string, ctx: Ctx, spec?: Spec): Promise<Live<Attrs> | null>;
  /**
   * The commands by which a person does what cannot be done from here, for a kind whose things may be out of reach. Secrets are
   * left out of them.
   */
  byHand?(want: Pick<Want<Spec, Deps>, "id" | "name" | "spec" | "deps">): readonly string[];
  /**
   * Throws what AWS says; the engine looks before it believes an error. Ownership tags go in the same call, and further calls
   * belong into update groups (`completes`): a creation is tried again as a whole.
   */
  create(want: Want<Spec, Deps>, ctx: Ctx): Promise<{ readonly ref: string }>;
  readonly aspects: Readonly<Record<string, Aspect<Spec, Deps, Attrs, Group>>>;
  readonly updates: Readonly<
    Record<Group, Bivariant<[Want<Spec, Deps>, Live<Attrs>, Ctx], Promise<Operation | undefined>>>
  >;
}

/** A kind whose AWS names are unique, so that a thing can be looked up by its name. */
export type NamedKind<Spec, Deps, Attrs, Ctx, Group extends string = never> = Kind<Spec, Deps, Attrs, Ctx, Group> &
  Required<Pick<Kind<Spec, Deps, Attrs, Ctx, Group>, "find">>;

/** Any kind, for code that handles all of them alike. */
export type AnyKind<Ctx> = Kind<never, never, unknown, Ctx, string>;
export type AnyDerivedKind<Ctx> = DerivedKind<unknown, Ctx>;
export type AnyRemovable<Ctx> = Removable<unknown, Ctx>;

/** Whether they are one thing: a name may have come back, an id does not. */
export function isSame(one: Live<unknown>, other: Live<unknown>): boolean {
  return one.ref === other.ref && (one.uid === undefined || other.uid === undefined || one.uid === other.uid);
}

/** Whether it goes with what is ours. */
export function isOurs({ owner }: Live<unknown>): boolean {
  return owner === "us" || owner === "derived";
}
