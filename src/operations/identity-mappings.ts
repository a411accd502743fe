import type { AwsContext } from "../aws/context.ts";
import { arnWithoutPath } from "../aws/names.ts";
import type { IdentityMapping as ListedInFile } from "../config/types.ts";
import { Graph } from "../engine/graph.ts";
import { observe, plan } from "../engine/index.ts";
import type { Live } from "../engine/kind.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { FailedError, RefusedError } from "../errors.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import type { Mappings } from "../resources/kube/aws-auth-document.ts";
import { type AwsAuth, readAwsAuth } from "../resources/kube/aws-auth.ts";
import { identityMappings, removeMapping } from "../resources/kube/identity-mappings.ts";
import { kubernetesObject } from "../resources/kube/object.ts";
import { usableApi } from "../resources/kube/reached-api.ts";
import { addServiceObjects, mappingOf } from "../topology/identity-mappings.ts";
import { insideCluster } from "./inside-cluster.ts";
import { findCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import type { Proposal } from "./proposal.ts";
import { proposalOf } from "./propose.ts";
import { type Session, contextOf, engineOf } from "./session.ts";
import { proposeSteps } from "./steps.ts";

export interface ListedMapping {
  /** ARN or account. */
  readonly name: string;
  readonly arn: string | null;
  readonly username: string | null;
  readonly groups: readonly string[];
  readonly account: string | null;
  /** Made by ekstool. */
  readonly owned: boolean;
}

/**
 * What the ConfigMap aws-auth of a cluster maps, whoever wrote it.
 *
 * @throws FailedError when there is no such cluster, or its Kubernetes API cannot be used from here.
 */
export async function listIdentityMappings(session: Session, cluster: string): Promise<readonly ListedMapping[]> {
  await findCluster(session, cluster);
  return listed(await mappingsOf(await contextOf(session, cluster)));
}

type Mapped = Pick<AwsAuth, "mappings" | "rows" | "ours">;

async function mappingsOf(ctx: AwsContext): Promise<Mapped> {
  const found = await insideCluster(async () => {
    await usableApi(ctx);
    return readAwsAuth(ctx, "people");
  });
  return found ?? { mappings: {}, rows: {}, ours: null };
}

function listed({ mappings, ours }: Mapped): readonly ListedMapping[] {
  return Object.entries(mappings)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, { username = null, groups = [] }]) => {
      const isArn = name.startsWith("arn:");
      return {
        name,
        arn: isArn ? name : null,
        username,
        groups,
        account: isArn ? null : name,
        owned: ours?.includes(name) ?? false,
      };
    });
}

export interface NewMappings {
  readonly listed: readonly ListedInFile[];
  /** A mapping that is there and says otherwise is refused, not changed. */
  readonly noDuplicates: boolean;
}

/**
 * Maps principals in any cluster, beside what is mapped already.
 *
 * @throws RefusedError where nobody would read them.
 * @throws FailedError when there is no such cluster, or its Kubernetes API cannot be used from here.
 */
export function proposeMappings(
  session: Session,
  cluster: string,
  wanted: NewMappings,
): Promise<Proposal<readonly ListedMapping[]>> {
  return locked({ session, propose: () => mappingProposal(session, cluster, wanted) });
}

async function mappingProposal(
  session: Session,
  cluster: string,
  { listed: wanted, noDuplicates }: NewMappings,
): Promise<Proposal<readonly ListedMapping[]>> {
  const live = await findCluster(session, cluster);
  refuseUnread(live);
  const owner = { region: session.region, cluster };
  const caller = await session.caller();
  const engine = {
    ...(await engineOf(session, cluster, { local: false, kubernetes: true })),
    kinds: [identityMappings, kubernetesObject],
    derived: [],
  };
  const there = await mappingsOf(engine.ctx);
  const added = Object.fromEntries(wanted.map((one) => mappingOf(one, { caller })));
  if (noDuplicates) refuseDuplicates(there, added);
  const graph = new Graph<AwsContext>();
  const handle = graph.given("cluster", live.attrs);
  for (const one of wanted) addServiceObjects(graph, one, handle);
  graph.add(identityMappings, {
    id: "identity-mappings",
    name: "aws-auth",
    spec: { mappings: { ...oursOf(there), ...added } },
    deps: { cluster: handle },
  });
  const changes = plan(engine, graph, await observe(engine, graph), { mode: "apply" });
  const about = {
    title: `map ${namesOf(added)} in cluster ${cluster}`,
    owner,
    caller,
    items: changes.items.filter(({ id }) => graph.nodes.has(id)),
    information: [
      "a file of this cluster that lists iamIdentityMappings has to list this, too: `apply` takes away what it does not",
    ],
    owned: live.owner === "us",
    readOnly: false,
  };
  return proposalOf(engine, changes, about, async () =>
    listed(await mappingsOf(engine.ctx)).filter(({ name }) => name in added),
  );
}

function refuseUnread({ attrs: { name, authenticationMode } }: Live<ClusterAttrs>): void {
  if (authenticationMode !== "API") return;
  throw new RefusedError(`nobody reads aws-auth of the cluster ${name}: its authentication mode is API`, {
    hint: "use `ekstool create accessentry`",
  });
}

function refuseDuplicates({ mappings }: Mapped, added: Mappings): void {
  const name = Object.keys(added).find((key) => key in mappings);
  if (name === undefined) return;
  throw new RefusedError(`${name} is mapped already`, { hint: "without --no-duplicate-arns its mapping is changed" });
}

function oursOf({ mappings, ours }: Mapped): Mappings {
  return Object.fromEntries(Object.entries(mappings).filter(([key]) => ours?.includes(key)));
}

function namesOf(mappings: Mappings): string {
  const names = Object.keys(mappings);
  return names.length === 1 ? `${names[0]}` : `${names.length} principals`;
}

export interface RemovedMapping {
  readonly cluster: string;
  readonly region: string;
  readonly deleted: string;
}

/**
 * Takes a mapping away, whoever made it.
 *
 * @param name ARN or account.
 * @param all the rows of it, where it has several.
 * @throws RefusedError where it has several, and not all are meant.
 * @throws FailedError when there is no such cluster or mapping, or the Kubernetes API cannot be used from here.
 */
export function proposeMappingRemoval(
  session: Session,
  cluster: string,
  name: string,
  all: boolean,
): Promise<Proposal<RemovedMapping>> {
  return locked({ session, propose: () => mappingRemoval(session, cluster, arnWithoutPath(name), all) });
}

async function mappingRemoval(
  session: Session,
  cluster: string,
  name: string,
  all: boolean,
): Promise<Proposal<RemovedMapping>> {
  const live = await findCluster(session, cluster);
  const ctx = await contextOf(session, cluster);
  const { mappings, ours, rows } = await mappingsOf(ctx);
  const { [name]: count = 0 } = rows;
  if (count === 0) {
    throw new FailedError(`the cluster ${cluster} has no mapping of ${name}`, {
      hint: Object.keys(mappings).length === 0 ? "it has none at all" : `it has ${Object.keys(mappings).join(", ")}`,
    });
  }
  if (count > 1 && !all) {
    throw new RefusedError(`${name} is mapped ${count} times`, { hint: "--all deletes every one" });
  }
  const owner = { region: session.region, cluster };
  const item: PlanItem = {
    verb: "delete",
    id: `identity-mapping/${name}`,
    kind: identityMappings.name,
    title: "mapping in aws-auth",
    name,
    ref: name,
    owner: ours?.includes(name) ? "us" : "foreign",
    changes: [],
    kept: [],
    interrupts: false,
    listedOnly: false,
    expectSeconds: 1,
  };
  return proposeSteps(session, {
    title: `delete the mapping of ${name} in cluster ${cluster}`,
    owner,
    steps: [
      {
        item,
        limitSeconds: 60,
        async start() {
          await removeMapping(ctx, name);
          return { what: "aws-auth", check: () => Promise.resolve({ state: "done" }) };
        },
      },
    ],
    wait: true,
    clusterIsOurs: live.owner === "us",
    look: () => Promise.resolve({ output: { ...owner, deleted: name } }),
  });
}
