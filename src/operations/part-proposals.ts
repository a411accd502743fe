import type { Owner } from "../aws/context.ts";
import type { ClusterConfig } from "../config/types.ts";
import { type RunResult, observe, planRemoval } from "../engine/index.ts";
import { cut, preparedCut } from "./cut.ts";
import { locked } from "./lock/locked.ts";
import { type Timings, timingsOf } from "./outputs.ts";
import type { Part } from "./parts.ts";
import type { TopologyOptions } from "../topology/index.ts";
import type { Proposal } from "./proposal.ts";
import { proposalOf } from "./propose.ts";
import { type Session, engineOf } from "./session.ts";

/** What a run has made of a part. */
export interface MadePart {
  readonly owner: Owner;
  readonly names: readonly string[];
  readonly config: ClusterConfig;
  readonly result: RunResult;
}

export interface PartChange<Output> extends Pick<TopologyOptions, "withoutDevicePlugins"> {
  readonly part: Part;
  /**
   * `create` makes those that are missing, or never came up, and lists other differences; `update` brings those that are there in
   * line, and makes none.
   */
  readonly verb: "create" | "update";
  /** Absent: all that the file lists. */
  readonly selected?: (name: string) => boolean;
  /** Aspects that are left as they are: a config that is made of options does not speak of them. */
  readonly leaves?: readonly string[];
  /** The only aspects that are looked at. Absent: all. */
  readonly only?: readonly string[];
  output(made: MadePart): Promise<Output> | Output;
}

/**
 * Creates or updates those things of a part that a ClusterConfig lists in its cluster, and nothing else.
 *
 * @throws RefusedError when the cluster is not there, is not ours, or lacks what they need.
 */
export function proposePart<Output>(
  session: Session,
  config: ClusterConfig,
  change: PartChange<Output>,
): Promise<Proposal<Output>> {
  return locked({ session, propose: () => partProposal(session, config, change) });
}

async function partProposal<Output>(
  session: Session,
  config: ClusterConfig,
  { part, verb, selected = () => true, leaves = [], only, output, ...options }: PartChange<Output>,
): Promise<Proposal<Output>> {
  const prepared = await preparedCut(session, config, options);
  const { engine, facts, owner, observation } = prepared;
  const chosen = part.listed(config).filter(selected);
  const present = new Set(observation.things.flatMap(({ live }) => part.named(live.id, live.ref) ?? []));
  const names = verb === "create" ? chosen : chosen.filter((name) => present.has(name));
  const tests = names.map((name) => part.belongs(name));
  const shared = new Set(names.flatMap((name) => part.shares?.(name, prepared.graph) ?? []));
  const { items, changes } = await cut(prepared, verb === "create" ? "create" : "apply", {
    isOwn: (id) => shared.has(id) || tests.some((test) => test(id)),
    sees: (_id, aspect) => (only?.includes(aspect) ?? true) && !leaves.includes(aspect),
  });
  const about = {
    title: `${verb} ${counted(part, names)} ${verb === "create" ? "in" : "of"} cluster ${owner.cluster}`,
    owner,
    caller: facts.caller,
    items,
    information: chosen
      .filter((name) => !names.includes(name))
      .map((name) => `the cluster has no ${part.title} ${name} to update: create makes it`),
    owned: true,
    readOnly: false,
  };
  return proposalOf(engine, changes, about, (result) => output({ owner, names, config, result }));
}

function counted({ title, titles }: Part, names: readonly string[]): string {
  return names.length === 1 ? `${title} ${names[0]}` : `${names.length} ${titles}`;
}

export interface RemovedPart {
  readonly cluster: string;
  readonly region: string;
  readonly deleted: readonly string[];
  readonly leftovers: RunResult["leftovers"];
  readonly timings: Timings;
}

/** Which ones, of the names of all that are ours; beside them it is given the names of others'. */
export type ChooseParts = (ours: readonly string[], others: readonly string[]) => readonly string[];

/**
 * Deletes some things of a part with what was made for them alone.
 *
 * @param remarks what there is to say about those that go.
 */
export function proposeRemoval(
  session: Session,
  cluster: string,
  part: Part,
  choose: ChooseParts,
  remarks: (names: readonly string[]) => readonly string[] = () => [],
): Promise<Proposal<RemovedPart>> {
  return locked({ session, propose: () => removalProposal(session, cluster, part, choose, remarks) });
}

async function removalProposal(
  session: Session,
  cluster: string,
  part: Part,
  choose: ChooseParts,
  remarks: (names: readonly string[]) => readonly string[],
): Promise<Proposal<RemovedPart>> {
  const owner = { region: session.region, cluster };
  const engine = await engineOf(session, cluster, { local: false, kubernetes: part.kubernetes === true });
  const observation = await observe(engine);
  const lives = observation.things.filter(({ kind }) => part.kinds.includes(kind.name)).map(({ live }) => live);
  const ours = lives.filter(({ owner }) => owner === "us").flatMap((live) => part.named(live.id, live.ref) ?? []);
  const others = lives.filter(({ owner }) => owner !== "us").map((live) => part.othersName?.(live) ?? live.ref);
  const names = choose([...new Set(ours)], others);
  const tests = names.map((name) => part.belongs(name));
  const removal = planRemoval(engine, observation, ({ id }) => tests.some((test) => test(id)));
  const about = {
    title: `delete ${counted(part, names)} of cluster ${cluster}`,
    owner,
    caller: await session.caller(),
    information: [...remarks(names), ...(part.stays !== undefined && names.length > 0 ? [part.stays] : [])],
    owned: true,
    readOnly: false,
  };
  return proposalOf(engine, removal, about, (result) => ({
    ...owner,
    deleted: names,
    leftovers: result.leftovers,
    timings: timingsOf(result),
  }));
}
