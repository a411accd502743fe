import type { AwsContext, Owner } from "../../aws/context.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { InputError } from "../../errors.ts";
import { editKubeconfigs, readKubeconfig } from "./kubeconfig-file.ts";
import type { KubeconfigAdditions, KubeconfigContent, KubeconfigRemovals, Section } from "./kubeconfig-document.ts";
import { addToKubeconfig, parseKubeconfig, removeFromKubeconfig } from "./kubeconfig-document.ts";

export interface KubeconfigSpec {
  /** `<iam name>@<cluster>.<region>.eksctl.io`. */
  readonly context: string;
  /** The file to write; absent: the first of the context's kubeconfig list (or the one that holds the entry already). */
  readonly path?: string;
  /** Makes it the current context whenever the entry is written; a later choice of the user's is left alone. */
  readonly setCurrent: boolean;
  /** The exec plugin that gets a token; written with the entry, the user's to change later. */
  readonly exec: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
}
export interface KubeconfigDeps {
  readonly cluster: {
    readonly name: string;
    readonly endpoint: string;
    readonly certificateAuthority: string;
    readonly apiId: string;
  };
}
export interface KubeconfigAttrs {
  readonly path: string;
  /** All contexts that point to the cluster and have a user. */
  readonly contexts: readonly string[];
  /** The current one of them, else the first; empty when there is none. */
  readonly context: string;
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly current: boolean;
  readonly exec: KubeconfigSpec["exec"];
}

/** Stands among the plugin's arguments for what the cluster's API knows itself by. */
export const apiIdPlaceholder = "{{cluster.apiId}}";

function execFor(exec: KubeconfigSpec["exec"], { apiId }: KubeconfigDeps["cluster"]): KubeconfigSpec["exec"] {
  return { ...exec, args: exec.args.map((arg) => (arg === apiIdPlaceholder ? apiId : arg)) };
}

/** The logical id: there is one entry for each cluster, and a local file carries no tags. */
export const kubeconfigId = "kubeconfig";

/** eksctl's name for a cluster's entry. */
export function clusterEntryName({ cluster, region }: Owner): string {
  return `${cluster}.${region}.eksctl.io`;
}

/** eksctl's name for the context, and for its user. */
export function contextName(iamName: string, owner: Owner): string {
  return `${iamName}@${clusterEntryName(owner)}`;
}

/** The cluster's entry in the user's kubeconfig files. The entry is ours if it has our name. */
export const kubeconfig: Kind<KubeconfigSpec, KubeconfigDeps, KubeconfigAttrs, AwsContext, "entry"> = {
  name: "local.kubeconfig",
  title: "kubeconfig entry",
  deletedBefore: [],
  timing: () => ({ expect: 1, limit: 60 }),

  // A file of the user's machine: AWS is asked nothing for it.
  actions: { list: [], read: [], create: [], delete: [], entry: [] },

  async list(ctx, id) {
    const live = await observe(ctx.kubeconfig, ctx);
    return live && (id === undefined || id === live.id) ? [live] : [];
  },

  read: (ref, ctx) => observe([...new Set([ref, ...ctx.kubeconfig])], ctx),

  async create(want, ctx) {
    return { ref: await writeEntry(want.spec, want.deps, ctx) };
  },

  async delete(live, ctx) {
    const paths = await present([live.ref, ...ctx.kubeconfig], ctx);
    await editKubeconfigs(ctx.clock, paths, (texts) => withoutEntry(texts, clusterEntryName(ctx.owner)));
  },

  aspects: {
    endpoint: {
      want: (_spec, deps) => deps.cluster.endpoint,
      have: (attrs) => attrs.endpoint,
      change: () => "entry",
    },
    certificateAuthority: {
      want: (_spec, deps) => deps.cluster.certificateAuthority,
      have: (attrs) => attrs.certificateAuthority,
      change: () => "entry",
    },
    context: {
      want: (spec) => spec.context,
      have: (attrs, want) => attrs.contexts.find((context) => context === want) ?? attrs.context,
      change: () => "entry",
    },
  },

  updates: {
    async entry(want, _live, ctx) {
      await writeEntry(want.spec, want.deps, ctx);
    },
  },
};

type Contents = ReadonlyMap<string, KubeconfigContent>;

async function observe(paths: readonly string[], ctx: AwsContext): Promise<Live<KubeconfigAttrs> | null> {
  const contents = await ctx.clock.hold(async () => {
    const read = new Map<string, KubeconfigContent>();
    for (const path of paths) read.set(path, parseKubeconfig(await readKubeconfig(path), path));
    return read;
  });
  const name = clusterEntryName(ctx.owner);
  const path = holderOf(contents, "clusters", name);
  if (path === undefined) return null;

  const users = merged(contents, "users");
  const cluster = merged(contents, "clusters").get(name);
  const pointing = contextsOf(contents, name).filter(([, body]) => users.has(text(body["user"])));
  const contexts = pointing.map(([context]) => context);
  const chosen = currentContext(contents);
  const current = contexts.includes(chosen);
  const context = current ? chosen : (contexts[0] ?? "");
  const user = users.get(text(pointing.find(([name]) => name === context)?.[1]["user"]));
  const attrs: KubeconfigAttrs = {
    path,
    contexts,
    context,
    endpoint: text(cluster?.["server"]),
    certificateAuthority: text(cluster?.["certificate-authority-data"]),
    current,
    exec: execOf(user),
  };
  return { id: kubeconfigId, ref: path, owner: "us", phase: "ready", attrs };
}

async function writeEntry(spec: KubeconfigSpec, deps: KubeconfigDeps, ctx: AwsContext): Promise<string> {
  const files = spec.path === undefined ? ctx.kubeconfig : [spec.path];
  const name = clusterEntryName({ ...ctx.owner, cluster: deps.cluster.name });
  const fallback = files[0];
  if (fallback === undefined) throw new InputError("no kubeconfig file is named to write to");
  let target = fallback;
  const paths = await present(files, ctx);
  await editKubeconfigs(ctx.clock, [fallback, ...paths], (texts) => {
    const contents = parseAll(texts, files);
    target = holderOf(contents, "clusters", name) ?? fallback;
    const placed: Placed = { texts: new Map(texts), contents, target };
    place(placed, "clusters", name, {
      "certificate-authority-data": deps.cluster.certificateAuthority,
      server: deps.cluster.endpoint,
    });
    place(placed, "users", spec.context, { exec: execEntry(execFor(spec.exec, deps.cluster)) });
    place(placed, "contexts", spec.context, { cluster: name, user: spec.context });
    if (spec.setCurrent) choose(placed, spec.context);
    return placed.texts;
  });
  return target;
}

/** Texts being edited. As kubectl does, an entry goes to the file that holds its name already, a new one to the target. */
interface Placed {
  readonly texts: Map<string, string>;
  readonly contents: Contents;
  readonly target: string;
}

function place(
  { texts, contents, target }: Placed,
  section: Section,
  name: string,
  body: Readonly<Record<string, unknown>>,
) {
  add(texts, holderOf(contents, section, name) ?? target, { [section]: { [name]: body } });
}

/** The first file that says something about the current context decides. */
function choose({ texts, contents, target }: Placed, context: string) {
  const deciding = [...contents].find(([, content]) => content.currentContext !== "");
  add(texts, deciding?.[0] ?? target, { currentContext: context });
}

function add(texts: Map<string, string>, path: string, additions: KubeconfigAdditions): void {
  texts.set(path, addToKubeconfig(texts.get(path) ?? "", path, additions));
}

/** Without the cluster, the contexts that point to it, and those of their users that nobody else uses. */
function withoutEntry(texts: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, string> {
  const contents = parseAll(texts, [...texts.keys()]);
  const pointing = contextsOf(contents, name);
  const contexts = pointing.map(([context]) => context);
  const others = [...merged(contents, "contexts")].filter(([context]) => !contexts.includes(context));
  const stillUsed = new Set(others.map(([, body]) => text(body["user"])));
  const users = pointing.map(([, body]) => text(body["user"])).filter((user) => !stillUsed.has(user));
  const removals: KubeconfigRemovals = { clusters: [name], contexts, users, currentContexts: contexts };
  const concerned = [...texts].filter(([path]) => concerns(contents.get(path), removals));
  return new Map(concerned.map(([path, content]) => [path, removeFromKubeconfig(content, path, removals)]));
}

function concerns(content: KubeconfigContent | undefined, removals: KubeconfigRemovals): boolean {
  if (!content) return false;
  const holds = (section: Section) => removals[section].some((name) => content[section].has(name));
  return (
    holds("clusters") ||
    holds("contexts") ||
    holds("users") ||
    removals.currentContexts.includes(content.currentContext)
  );
}

/** Those of the files that exist: nothing is made for one that is only listed in KUBECONFIG. */
async function present(paths: readonly string[], ctx: AwsContext): Promise<readonly string[]> {
  return ctx.clock.hold(async () => {
    const texts = await Promise.all(
      [...new Set(paths)].map(async (path) => [path, await readKubeconfig(path)] as const),
    );
    return texts.filter(([, text]) => text !== "").map(([path]) => path);
  });
}

function parseAll(texts: ReadonlyMap<string, string>, order: readonly string[]): Contents {
  const known = order.filter((path) => texts.has(path));
  return new Map(known.map((path) => [path, parseKubeconfig(texts.get(path) ?? "", path)]));
}

/** Of entries with one name in several files the first counts. */
function merged(contents: Contents, section: Section) {
  return new Map([...contents.values()].toReversed().flatMap((content) => [...content[section]]));
}

function holderOf(contents: Contents, section: Section, name: string): string | undefined {
  return [...contents].find(([, content]) => content[section].has(name))?.[0];
}

function contextsOf(contents: Contents, cluster: string) {
  return [...merged(contents, "contexts")].filter(([, body]) => body["cluster"] === cluster);
}

function currentContext(contents: Contents): string {
  return [...contents.values()].find((content) => content.currentContext !== "")?.currentContext ?? "";
}

/** IfAvailable: an MFA prompt is possible where there is a terminal. */
function execEntry({ command, args, env }: KubeconfigSpec["exec"]) {
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    args: [...args],
    command,
    ...(Object.keys(env).length > 0 && { env: Object.entries(env).map(([name, value]) => ({ name, value })) }),
    interactiveMode: "IfAvailable",
    provideClusterInfo: false,
  };
}

function execOf(user: Readonly<Record<string, unknown>> | undefined): KubeconfigSpec["exec"] {
  const exec = (user?.["exec"] ?? {}) as { command?: unknown; args?: readonly unknown[]; env?: readonly EnvVar[] };
  return {
    command: text(exec.command),
    args: (exec.args ?? []).map(text),
    env: Object.fromEntries((exec.env ?? []).map(({ name, value }) => [text(name), text(value)])),
  };
}

interface EnvVar {
  readonly name?: unknown;
  readonly value?: unknown;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
