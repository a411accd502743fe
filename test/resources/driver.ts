import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { createClients } from "../../src/aws/clients.ts";
import { type AwsContext, createContext } from "../../src/aws/context.ts";
import { partitionOf } from "../../src/aws/partition.ts";
import type { Kind, Live, Operation, Want } from "../../src/engine/kind.ts";
import { programsOn } from "../../src/programs.ts";
import { type Sandbox, type SandboxOptions, sandboxCredentials } from "../../src/sandbox/index.ts";
import { pathOfPrograms } from "../support/programs.ts";
import { startTestSandbox } from "../support/sandbox.ts";

export interface Place {
  readonly sandbox: Sandbox;
  readonly ctx: AwsContext;
  /** The same account, for another cluster or region. */
  elsewhere(region: string, cluster: string): AwsContext;
  /** Changing operations since the last call, by name. */
  changes(): readonly string[];
}

export async function openPlace(options: SandboxOptions = {}): Promise<Place> {
  const sandbox = await startTestSandbox(options);
  sandbox.residents({
    transitGateways: [{ region: "us-west-2", id: "tgw-0123456789abcdef0" }],
    keys: [{ region: "us-west-2", name: "1234abcd-12ab-34cd-56ef-1234567890ab" }],
    vpnGateways: [{ region: "us-west-2", id: "vgw-0123456789abcdef0" }],
  });
  let seen = 0;
  const elsewhere = (region: string, cluster: string): AwsContext =>
    createContext({
      owner: { region, cluster },
      account: sandbox.world.state.account,
      partition: partitionOf(region),
      clients: createClients({
        region,
        endpoint: sandbox.endpoint,
        credentials: sandboxCredentials,
        clock: sandbox.clock,
        version: "0.0.0-test",
      }),
      clock: sandbox.clock,
      kubeconfig: [],
      programs: programsOn({ PATH: pathOfPrograms }),
    });
  return {
    sandbox,
    ctx: elsewhere("us-west-2", "demo"),
    elsewhere,
    changes() {
      const fresh = sandbox.journal.slice(seen).filter((entry) => entry.changes);
      seen = sandbox.journal.length;
      return fresh.map(({ operation }) => operation);
    },
  };
}

export function wanting<Spec, Deps>(
  id: string,
  spec: Spec,
  deps: Deps,
  name = `demo-${id.replaceAll("/", "-")}`,
): Want<Spec, Deps> {
  return {
    id,
    name,
    token: createHash("sha256")
      .update(JSON.stringify([id, spec, deps]))
      .digest("hex"),
    spec,
    deps,
  };
}

/** Names of the aspects that are not as wanted. */
export function differing<Spec, Deps, Attrs, Group extends string>(
  kind: Kind<Spec, Deps, Attrs, AwsContext, Group>,
  { spec, deps }: Want<Spec, Deps>,
  { attrs }: Live<Attrs>,
): readonly string[] {
  return Object.entries(kind.aspects)
    .filter(([, aspect]) => {
      const want = aspect.want(spec, deps);
      return want !== undefined && !isDeepStrictEqual(aspect.have(attrs, want), want);
    })
    .map(([name]) => name);
}

/** What an aspect shows as written by others. */
export function kept<Spec, Deps, Attrs, Group extends string>(
  kind: Kind<Spec, Deps, Attrs, AwsContext, Group>,
  name: string,
  { spec, deps }: Want<Spec, Deps>,
  { attrs }: Live<Attrs>,
): readonly string[] {
  const aspect = kind.aspects[name];
  return aspect?.kept?.(attrs, aspect.want(spec, deps)) ?? [];
}

/** Runs the update group of each difference until there is none; gives the groups that it took. */
export async function bringIn<Spec, Deps, Attrs, Group extends string>(
  kind: Kind<Spec, Deps, Attrs, AwsContext, Group>,
  want: Want<Spec, Deps>,
  ref: string,
  ctx: AwsContext,
): Promise<{ readonly live: Live<Attrs>; readonly groups: readonly string[] }> {
  const groups: string[] = [];
  for (;;) {
    const live = await settled(kind, ref, ctx);
    const [name] = differing(kind, want, live);
    if (name === undefined) return { live, groups };
    const aspect = kind.aspects[name];
    const effect = aspect?.change(
      aspect.have(live.attrs, aspect.want(want.spec, want.deps)),
      aspect.want(want.spec, want.deps),
    );
    if (typeof effect !== "string" || effect === "replace") throw new Error(`${name}: ${JSON.stringify(effect)}`);
    if (groups.at(-1) === effect) throw new Error(`${effect} did not move ${name}`);
    groups.push(effect);
    await finished(await kind.updates[effect](want, live, ctx), ctx);
  }
}

/** Follows what AWS reports on apart from the thing. */
export async function finished(operation: Operation | undefined, ctx: AwsContext): Promise<void> {
  if (operation === undefined) return;
  for (;;) {
    const { state, detail } = await operation.check();
    if (state === "done") return;
    if (state === "failed") throw new Error(detail);
    await ctx.clock.sleep(5000);
  }
}

/** Creates, waits and brings in the rest. */
export async function make<Spec, Deps, Attrs, Group extends string>(
  kind: Kind<Spec, Deps, Attrs, AwsContext, Group>,
  want: Want<Spec, Deps>,
  ctx: AwsContext,
): Promise<Live<Attrs>> {
  const { ref } = await kind.create(want, ctx);
  return (await bringIn(kind, want, ref, ctx)).live;
}

const maxTries = 60;

/** Milliseconds to the next look: what takes minutes (a control plane: nine) is looked at less often. */
function pause(tries: number): number {
  return tries < 20 ? 5000 : 30_000;
}

/** The thing when AWS has finished with it. */
export async function settled<Spec, Deps, Attrs, Group extends string>(
  kind: Kind<Spec, Deps, Attrs, AwsContext, Group>,
  ref: string,
  ctx: AwsContext,
): Promise<Live<Attrs>> {
  for (let tries = 0; tries < maxTries; tries++) {
    const live = await kind.read(ref, ctx);
    if (live && live.phase !== "pending") return live;
    await ctx.clock.sleep(pause(tries));
  }
  throw new Error(`${kind.name} ${ref} does not settle`);
}

/** Deletes, and waits until it is gone. */
export async function remove<Spec, Deps, Attrs, Group extends string>(
  kind: Kind<Spec, Deps, Attrs, AwsContext, Group>,
  ref: string,
  ctx: AwsContext,
): Promise<void> {
  const live = await kind.read(ref, ctx);
  if (live && live.phase !== "deleting") await kind.delete(live, ctx);
  for (let tries = 0; tries < maxTries; tries++) {
    if ((await kind.read(ref, ctx)) === null) return;
    await ctx.clock.sleep(pause(tries));
  }
  throw new Error(`${kind.name} ${ref} does not go`);
}
