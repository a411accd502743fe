import { describe, expect, it } from "vitest";
import { Graph, type Handle } from "../../src/engine/graph.ts";
import type { KindName } from "../../src/engine/kind.ts";
import { patience } from "../../src/engine/session.ts";
import { type Cloud, ToyError, changing, createCloud, toyKind } from "./toy-cloud.ts";
import { destroy, problems, rig, run, verbs } from "./toy-cluster.ts";

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state / 2 ** 32;
  };
}

interface Node {
  readonly id: string;
  readonly kind: number;
  /** Ids; those of `early` need not be ready. */
  readonly needs: readonly string[];
  readonly early: readonly string[];
  /** Seconds that it really takes. */
  readonly takes: number;
}

const expected = [0, 0, 5, 20, 40, 120, 150, 300, 540];

/** Kinds that are deleted in the opposite order; a node depends on nodes of earlier kinds only. */
const registry = expected.map((seconds, index) =>
  toyKind(`ec2.k${index}`, {
    takes: seconds,
    deletionTakes: seconds / 3,
    named: index % 2 === 0,
    deletedBefore: Array.from({ length: index }, (_, earlier): KindName => `ec2.k${earlier}`),
  }),
);

function randomNodes(seed: number): readonly Node[] {
  const next = random(seed);
  const nodes: Node[] = [];
  for (let index = 0; index < 8 + Math.floor(next() * 20); index++) {
    const kind = Math.floor(next() * registry.length);
    const earlier = nodes.filter((node) => node.kind < kind).map(({ id }) => id);
    const chosen = earlier.filter(() => next() < 0.3);
    const early = chosen.filter(() => next() < 0.2);
    const takes = (expected[kind] ?? 0) * (0.6 + 0.8 * next());
    nodes.push({ id: `n${index}`, kind, needs: chosen.filter((id) => !early.includes(id)), early, takes });
  }
  return nodes;
}

function graphOf(nodes: readonly Node[]): Graph<Cloud> {
  const graph = new Graph<Cloud>();
  const handles = new Map<string, Handle<{ readonly arn: string; readonly revision: number }>>();
  const all = (ids: readonly string[]) => ids.flatMap((id) => handles.get(id) ?? []);
  for (const { id, kind, needs, early, takes } of nodes) {
    const toy = registry[kind];
    if (!toy) continue;
    const deps = Object.fromEntries([...all(needs), ...all(early)].map((handle) => [handle.id, handle]));
    const after = all(early).map((on) => ({ on, until: "created" }) as const);
    handles.set(id, graph.add(toy, { id, name: `name-${id}`, spec: { takes }, deps, after }));
  }
  return graph;
}

/** Seconds of the longest chain that nature allows: what is needed early only has to have been begun. */
function longestPath(nodes: readonly Node[]): number {
  const starts = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const { id, needs, early, takes } of nodes) {
    const start = Math.max(
      0,
      ...needs.map((need) => ends.get(need) ?? 0),
      ...early.map((need) => starts.get(need) ?? 0),
    );
    starts.set(id, start);
    ends.set(id, start + takes);
  }
  return Math.max(...ends.values());
}

function dependents(nodes: readonly Node[], of: string): ReadonlySet<string> {
  const found = new Set([of]);
  for (const { id, needs, early } of nodes) if ([...needs, ...early].some((need) => found.has(need))) found.add(id);
  return found;
}

const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1);
const owned = (cloud: Cloud) => [...cloud.things.values()].map(({ id }) => id).toSorted();

describe("random graphs", () => {
  it.each(seeds)("take no longer than the longest path, and say which it was (seed %i)", async (seed) => {
    const nodes = randomNodes(seed);
    const world = rig(createCloud(), registry);
    const result = await run(world, graphOf(nodes));
    expect(problems(result)).toEqual([]);
    const longest = longestPath(nodes);
    expect(result.seconds).toBeGreaterThanOrEqual(longest);
    // What has no name is not made before an earlier run's can be seen. Short things are looked at once a second, which is more
    // than a share of their time.
    expect(result.seconds).toBeLessThanOrEqual(longest * 1.03 + patience.aftermath);
    const last = result.criticalPath.at(-1);
    expect(last?.finishedAt).toBe(Math.max(...result.steps.map(({ finishedAt }) => finishedAt)));
    expect(await verbs(world, graphOf(nodes))).toEqual([]);
  });

  it.each(seeds.slice(0, 8))("fail at any node, and end right when run again (seed %i)", async (seed) => {
    const nodes = randomNodes(seed);
    for (const { id } of nodes) {
      const world = rig(createCloud(), registry);
      world.cloud.fault = ({ operation, of }) =>
        operation === "create" && of === id ? { before: new ToyError("no") } : undefined;
      const result = await run(world, graphOf(nodes), { onFailure: "keep" });
      const lost = dependents(nodes, id);
      expect(result.failures.map((failure) => failure.id)).toEqual([id]);
      expect([id, ...result.skipped.map((step) => step.id)].toSorted()).toEqual([...lost].toSorted());
      expect(owned(world.cloud)).toEqual(nodes.flatMap((node) => (lost.has(node.id) ? [] : [node.id])).toSorted());
      world.cloud.fault = () => undefined;
      world.cloud.calls.length = 0;
      expect(problems(await run(world, graphOf(nodes)))).toEqual([]);
      expect(changing(world.cloud).toSorted()).toEqual([...lost].map((lostId) => `create ${lostId}`).toSorted());
    }
  });

  it.each(seeds.slice(0, 8))("are rolled back to nothing, whatever failed (seed %i)", async (seed) => {
    const nodes = randomNodes(seed);
    const heart = nodes.at(-1)?.id ?? "";
    for (const { id } of nodes) {
      const world = rig(createCloud(), registry);
      world.cloud.fault = ({ operation, of }) =>
        operation === "create" && (of === id || of === heart) ? { before: new ToyError("no") } : undefined;
      const result = await run(world, graphOf(nodes), { heart });
      expect(result.outcome).toBe("failed");
      expect(result.leftovers).toEqual([]);
      expect(owned(world.cloud)).toEqual([]);
    }
  });

  it.each(seeds)("are deleted without a dependency ever being violated (seed %i)", async (seed) => {
    const nodes = randomNodes(seed);
    const world = rig(createCloud(), registry);
    await run(world, graphOf(nodes));
    world.cloud.calls.length = 0;
    expect((await destroy(world)).outcome).toBe("done");
    expect(changing(world.cloud)).toHaveLength(nodes.length);
    expect(owned(world.cloud)).toEqual([]);
  });

  it("take the same time to the second with and without a delay in every answer", async () => {
    const times = await Promise.all(
      [1, 2, 3, 4].map(async (seed) => {
        const world = rig(createCloud(), registry);
        const next = random(seed);
        if (seed > 1) world.cloud.turns = () => Math.floor(next() * 20);
        return (await run(world, graphOf(randomNodes(7)))).seconds;
      }),
    );
    expect(new Set(times).size).toBe(1);
  });
});
