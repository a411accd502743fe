import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsContext, createContext, type Owner } from "../../src/aws/context.ts";
import { absentAsNull } from "../../src/aws/errors.ts";
import type { Live, Want } from "../../src/engine/kind.ts";
import { kinds } from "../../src/resources/index.ts";
import { cloudFormationRows } from "./contract/cloudformation.ts";
import { ec2Rows } from "./contract/ec2.ts";
import { eksRows } from "./contract/eks.ts";
import { iamRows } from "./contract/iam.ts";
import { kubeRows } from "./contract/kube.ts";
import { localRows } from "./contract/local.ts";
import { logsRows } from "./contract/logs.ts";
import { messageRows } from "./contract/messages.ts";
import { rolesAnywhereRows } from "./contract/rolesanywhere.ts";
import type { Row, RowOf } from "./contract/row.ts";
import { bringIn, differing, kept, openPlace, type Place, remove, settled, wanting } from "./driver.ts";

const rows: readonly Row[] = [
  ...ec2Rows,
  ...iamRows,
  ...logsRows,
  ...messageRows,
  ...eksRows,
  ...cloudFormationRows,
  ...rolesAnywhereRows,
  ...kubeRows,
  ...localRows,
];

describe("the contract's table", () => {
  it("has one row for every kind of the registry", () => {
    expect(rows.map(({ kind }) => kind.name).toSorted()).toEqual(kinds.map(({ name }) => name).toSorted());
  });

  it.each(rows)("has a change for every aspect of $kind.name", ({ kind, changes }) => {
    expect(changes.toSorted()).toEqual(Object.keys(kind.aspects).toSorted());
  });

  it.each(rows)("has somebody else who writes where $kind.name keeps what others wrote", ({ kind, others }) => {
    const shared = Object.entries(kind.aspects).filter(([, aspect]) => aspect.kept !== undefined);
    expect(others.toSorted()).toEqual(shared.map(([name]) => name).toSorted());
  });
});

let place: Place;
let ctx: AwsContext;
let home: string;

/** Milliseconds until AWS's lists have what was made. */
const propagation = 30_000;

/** The same account and requests, for another owner: what tells them apart is only what the kind asks for. */
function as(owner: Owner): AwsContext {
  return createContext({ ...ctx, owner });
}

function contract<Spec, Deps, Attrs, Group extends string>(row: RowOf<Spec, Deps, Attrs, Group>): void {
  const { kind, strangers = "foreign" } = row;
  let want: Want<Spec, Deps>;
  let live: Live<Attrs>;
  /** The update groups that were sent. */
  let groups: Set<string>;

  const oursIn = async (context: AwsContext, id?: string) =>
    (await kind.list(context, id)).filter((one) => one.owner === "us" && one.id === row.id).map(({ ref }) => ref);

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "ekstool-contract-"));
    place = await openPlace();
    ctx = createContext({ ...place.ctx, kubeconfig: [join(home, "config")] });
    want = wanting(row.id, row.spec, await row.ground(ctx), row.name);
  });
  afterAll(async () => {
    await place.sandbox.close();
    rmSync(home, { recursive: true });
  });

  it("takes what somebody else made for theirs", async () => {
    const somebody = as({ ...ctx.owner, cluster: "somebody" });
    const making = row.stranger?.(ctx) ?? kind.create({ ...want, token: "somebody" }, somebody);
    const { ref } = await making;
    const theirs = { owner: strangers, id: strangers === "us" ? row.id : "" };
    expect(await settled(kind, ref, ctx)).toMatchObject({ id: theirs.id });
    if (kind.find) expect(await kind.find(want.name, ctx)).toMatchObject({ ...theirs, ref });
    if (strangers !== "us") expect(await oursIn(ctx)).toEqual([]);
    await remove(kind, ref, ctx);
    if (kind.find) expect(await kind.find(want.name, ctx)).toBeNull();
    await ctx.clock.sleep(1000 * (row.nameRests ?? 0));
  });

  it("is made, gets ready, is ours, and has no differences", async () => {
    const { ref } = await kind.create(want, ctx);
    const made = await bringIn(kind, want, ref, ctx);
    live = made.live;
    groups = new Set(made.groups);
    expect(live).toMatchObject({ id: row.id, owner: "us", phase: "ready" });
    if ("tags" in kind.aspects) expect(live.attrs).toMatchObject({ tags: ctx.tags(row.id) });
    expect(differing(kind, want, live)).toEqual([]);
    place.changes();
    expect((await bringIn(kind, want, live.ref, ctx)).groups).toEqual([]);
    expect(place.changes()).toEqual([]);
    if (kind.find) expect(await kind.find(want.name, ctx)).toEqual(live);
  });

  it("is listed for its cluster in its region alone", async () => {
    expect(await oursIn(ctx)).toEqual([live.ref]);
    expect(await oursIn(ctx, row.id)).toEqual([live.ref]);
    expect(await kind.list(ctx, "another-id")).toEqual([]);
    expect(await oursIn(as({ ...ctx.owner, cluster: "another" }))).toEqual([]);
    // What is in a cluster is found through its region's EKS.
    const abroad = row.stranger ? place.elsewhere("eu-west-1", "demo") : as({ ...ctx.owner, region: "eu-west-1" });
    expect(await oursIn(abroad)).toEqual([]);
  });

  it("is created once more without harm", async () => {
    const answer = await kind.create(want, ctx).then(
      ({ ref }) => (ref === live.ref ? "same" : { another: ref }),
      () => "refused",
    );
    expect(typeof answer === "object" ? "another" : answer).toBe(row.again);
    await ctx.clock.sleep(propagation);
    const twins = typeof answer === "object" ? [answer.another] : [];
    expect((await oursIn(ctx, row.id)).toSorted()).toEqual([live.ref, ...twins].toSorted());
    for (const ref of twins) await remove(kind, ref, ctx);
    expect(await settled(kind, live.ref, ctx)).toEqual(live);
  });

  it("takes each change alone by an update group, and keeps what others wrote", async () => {
    const theirs = new Map<string, string>();
    /** Exactly theirs: an element of ours that is forgotten, but still there, would pass for somebody else's. */
    const expectKept = () => {
      for (const aspect of Object.keys(row.others)) {
        expect(kept(kind, aspect, want, live), aspect).toEqual([theirs.get(aspect)].filter(Boolean));
      }
    };
    for (const [aspect, write] of Object.entries(row.others)) theirs.set(aspect, await write(live, ctx));
    live = await settled(kind, live.ref, ctx);
    expect(differing(kind, want, live)).toEqual([]);
    expectKept();

    for (const [aspect, changes] of Object.entries(row.changes)) {
      for (const entry of changes) {
        const change = typeof entry === "function" ? await entry(ctx) : entry;
        const edited = wanting(row.id, { ...want.spec, ...change.spec }, { ...want.deps, ...change.deps }, row.name);
        await change.drift?.(live, ctx);
        live = await settled(kind, live.ref, ctx);
        expect(differing(kind, edited, live).toSorted(), aspect).toEqual([aspect, ...(change.also ?? [])].toSorted());
        expect(effectOf(aspect, edited), aspect).toEqual(effectBy(change.by));
        if (!isGroup(change.by)) continue;
        want = edited;
        const result = await bringIn(kind, want, live.ref, ctx);
        live = result.live;
        expect(result.groups, aspect).toEqual([change.by]);
        expect(live, aspect).toMatchObject({ id: row.id, owner: "us", phase: "ready" });
        groups.add(change.by);
        if (row.overruled?.includes(aspect)) theirs.delete(aspect);
        expectKept();
      }
    }
    expect([...groups].toSorted()).toEqual(Object.keys(kind.updates).toSorted());
  });

  function effectOf(name: string, { spec, deps }: Want<Spec, Deps>): unknown {
    const aspect = kind.aspects[name];
    const to = aspect?.want(spec, deps);
    return aspect?.change(aspect.have(live.attrs, to), to);
  }

  it("goes, and goes once more without harm", async () => {
    await kind.delete(live, ctx);
    expect((await kind.read(live.ref, ctx))?.phase ?? "deleting").toBe("deleting");
    await remove(kind, live.ref, ctx);
    expect(await oursIn(ctx)).toEqual([]);
    if (kind.find) expect(await kind.find(want.name, ctx)).toBeNull();
    await absentAsNull(() => kind.delete(live, ctx));
    expect(await kind.read(live.ref, ctx)).toBeNull();
  });
}

function isGroup<Group extends string>(by: Group | "replace" | RegExp): by is Group {
  return typeof by === "string" && by !== "replace";
}

function effectBy(by: string | RegExp): unknown {
  return by instanceof RegExp ? { refuse: expect.stringMatching(by) as unknown } : by;
}

describe.each(rows)("$kind.name", (row) => row.apply(contract));
