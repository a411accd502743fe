import type { AwsContext } from "../../aws/context.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import type { KubernetesApi } from "../../kube/api.ts";
import type { KubernetesObject } from "../../kube/objects.ts";
import { commandText } from "../../programs.ts";
import { isMapping } from "../../yaml.ts";
import { unavailable } from "./deployments.ts";
import { helmSecretType, newest, recordIn } from "./helm-record.ts";
import { managedBy, us } from "./managed-by.ts";
import { refuseWithout, runOnCluster, uninstall } from "./program.ts";
import { apiActions, reachedApi } from "./reached-api.ts";

export interface HelmReleaseSpec {
  readonly namespace: string;
  readonly release: string;
  /** As Helm takes it: `oci://public.ecr.aws/karpenter/karpenter`. */
  readonly chart: string;
  readonly chartVersion: string;
  /** What is set, by path as `--set` takes it. Others that somebody sets are kept. */
  readonly values: Readonly<Record<string, string>>;
  /** Where the chart is told the cluster's endpoint, if it is. */
  readonly endpointValue?: string;
}
export interface HelmReleaseDeps {
  readonly cluster: { readonly name: string; readonly endpoint: string };
}
export interface HelmReleaseAttrs {
  readonly namespace: string;
  readonly release: string;
  readonly chartVersion: string;
  readonly status: string;
  readonly values: Readonly<Record<string, string>>;
}

const secrets = { apiVersion: "v1", kind: "Secret" };
const deployments = { apiVersion: "apps/v1", kind: "Deployment" };

/**
 * A release of Helm: seen by Helm's own secrets in the cluster, made and changed with the user's `helm`. One that is there
 * already is given what is wanted, and never uninstalled. Its name is `<namespace>/<release>`.
 */
export const helmRelease: NamedKind<HelmReleaseSpec, HelmReleaseDeps, HelmReleaseAttrs, AwsContext, "release"> = {
  name: "kube.helm-release",
  title: "Helm release",
  deletedBefore: ["kube.service-account", "kube.node-mapping", "eks.access-entry", "eks.cluster", "iam.role"],
  diesWith: "eks.cluster",
  timing: () => ({ expect: 60, limit: 600 }),

  actions: { ...apiActions, release: [] },

  byHand: ({ spec, deps }) => [commandText("helm", upgrade(spec, deps))],

  async list(ctx, id) {
    const api = await reachedApi(ctx);
    if (api === null) return [];
    const all = await api.list(secrets, { labelSelector: `owner=helm,${managedBy}=${us}` });
    const names = new Set(all.filter(({ type }) => type === helmSecretType).map(nameOf));
    const found = await Promise.all([...names].map((name) => read(name, ctx)));
    return found.flatMap((live) => live ?? []).filter((live) => id === undefined || id === live.id);
  },
  read,
  async find(name, ctx) {
    const live = await read(name, ctx);
    if (live === null) refuseWithout("helm", ctx);
    return live;
  },

  async create({ name, spec, deps }, ctx) {
    await runOnCluster(ctx, "helm", upgrade(spec, deps));
    return { ref: name };
  },

  async delete({ attrs }, ctx) {
    await uninstall(ctx, "helm", ["uninstall", attrs.release, `--namespace=${attrs.namespace}`]);
  },

  aspects: {
    chartVersion: {
      want: (spec) => spec.chartVersion,
      have: (attrs) => attrs.chartVersion,
      change: () => "release",
    },
    values: {
      want: valuesOf,
      have: ({ values }, want) =>
        Object.fromEntries(Object.entries(values).filter(([path]) => isMapping(want) && Object.hasOwn(want, path))),
      change: () => "release",
    },
    status: {
      want: () => "deployed",
      have: (attrs) => attrs.status,
      change: () => "release",
    },
  },
  updates: {
    async release({ spec, deps }, _live, ctx) {
      await runOnCluster(ctx, "helm", upgrade(spec, deps));
      return undefined;
    },
  },
};

function valuesOf({ values, endpointValue }: HelmReleaseSpec, { cluster }: HelmReleaseDeps) {
  return endpointValue === undefined ? values : { ...values, [endpointValue]: cluster.endpoint };
}

/** Installs or upgrades; Helm 3.14 and newer. Health is watched by us, as that of everything else. */
function upgrade(spec: HelmReleaseSpec, deps: HelmReleaseDeps): readonly string[] {
  const { namespace, release, chart, chartVersion } = spec;
  return [
    "upgrade",
    release,
    chart,
    "--install",
    `--version=${chartVersion}`,
    `--namespace=${namespace}`,
    "--create-namespace",
    `--labels=${managedBy}=${us}`,
    "--reset-then-reuse-values",
    ...Object.entries(valuesOf(spec, deps)).flatMap(
      ([path, value]) => `--set=${path}=${value.replaceAll(",", String.raw`\,`)}`,
    ),
  ];
}

function nameOf({ metadata: { namespace = "", labels = {} } }: KubernetesObject): string {
  return `${namespace}/${labels["name"] ?? ""}`;
}

async function read(ref: string, ctx: AwsContext): Promise<Live<HelmReleaseAttrs> | null> {
  const api = await reachedApi(ctx);
  if (api === null) return null;
  const [namespace = "", release = ""] = ref.split("/");
  const secret = newest(await api.list(secrets, { namespace, labelSelector: `owner=helm,name=${release}` }));
  const record = secret && recordIn(secret);
  if (!secret || !record || record.status === "uninstalled") return null;
  const isOurs = secret.metadata.labels?.[managedBy] === us;
  return {
    id: isOurs ? `helm-release/${release}` : "",
    ref,
    owner: isOurs ? "us" : "shared",
    ...(await health(record.status, namespace, release, api)),
    attrs: { namespace, release, ...record },
  };
}

/** Helm's own word, and then whether the release's deployments have the pods that they need. */
async function health(
  status: string,
  namespace: string,
  release: string,
  api: KubernetesApi,
): Promise<Pick<Live<unknown>, "phase" | "detail">> {
  if (status.startsWith("pending-")) return { phase: "pending", detail: `Helm says ${status}` };
  if (status === "uninstalling") return { phase: "deleting" };
  if (status !== "deployed") return { phase: "degraded", detail: `Helm says ${status}` };
  const all = await api.list(deployments, { namespace, labelSelector: `app.kubernetes.io/instance=${release}` });
  const waiting = unavailable(all);
  return waiting === undefined ? { phase: "ready" } : { phase: "degraded", detail: waiting };
}
