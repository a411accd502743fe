import { gzipSync } from "node:zlib";
import type { AwsContext } from "../../../src/aws/context.ts";
import type { Live } from "../../../src/engine/kind.ts";
import { fluxBootstrap } from "../../../src/resources/kube/flux-bootstrap.ts";
import { devicePlugin } from "../../../src/resources/kube/device-plugin.ts";
import { helmRelease } from "../../../src/resources/kube/helm-release.ts";
import { identityMappings } from "../../../src/resources/kube/identity-mappings.ts";
import { nodeMapping } from "../../../src/resources/kube/node-mapping.ts";
import { kubernetesObject } from "../../../src/resources/kube/object.ts";
import { serviceAccount } from "../../../src/resources/kube/service-account.ts";
import { wanting } from "../driver.ts";
import { makeCluster } from "../eks-network.ts";
import { row } from "./row.ts";

const account = { apiVersion: "v1", kind: "ServiceAccount", name: "api", namespace: "web" };

async function apiOf({ kubernetes }: AwsContext) {
  const api = await kubernetes();
  if (!api) throw new Error("the cluster is not up");
  return api;
}

async function aCluster(ctx: AwsContext) {
  await makeCluster(ctx);
  return { cluster: { name: "demo" } };
}

/** Somebody else's label or annotation. */
const theirs =
  (part: "labels" | "annotations") =>
  async (_live: Live<unknown>, ctx: AwsContext): Promise<string> => {
    await (await apiOf(ctx)).merge(account, { metadata: { [part]: { theirs: "1" } } });
    return "theirs";
  };

const role = (name: string) => ({ arn: `arn:aws:iam::111122223333:role/${name}` });

const serviceAccountRow = row({
  kind: serviceAccount,
  id: "service-account/web/api",
  name: "web/api",
  spec: {
    namespace: "web",
    serviceAccount: "api",
    labels: { tier: "web" },
    annotations: { "example.com/owner": "ann" },
  },
  ground: async (ctx) => ({ ...(await aCluster(ctx)), role: [role("api")] }),
  again: "same",
  strangers: "shared",
  stranger: async (ctx) => {
    const api = await apiOf(ctx);
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } });
    const { apiVersion, kind, ...metadata } = account;
    await api.apply({ apiVersion, kind, metadata });
    return { ref: "web/api" };
  },
  changes: {
    labels: [
      { by: "metadata", spec: { labels: { tier: "api" } } },
      { by: "metadata", spec: { labels: {} } },
    ],
    annotations: [
      { by: "metadata", deps: { role: [role("other")] } },
      { by: "metadata", spec: { annotations: {} } },
      { by: "metadata", spec: { roleArn: role("given").arn }, deps: { role: [] } },
    ],
  },
  others: { labels: theirs("labels"), annotations: theirs("annotations") },
});

const admins = "arn:aws:iam::111122223333:role/admins";

const identityMappingsRow = row({
  kind: identityMappings,
  id: "identity-mappings",
  name: "aws-auth",
  spec: { mappings: { [admins]: { username: "admin", groups: ["system:masters"] }, "444455556666": {} } },
  ground: aCluster,
  again: "same",
  // The ConfigMap is one, whoever of us writes into it.
  strangers: "us",
  stranger: (ctx) =>
    identityMappings.create(wanting("identity-mappings", { mappings: {} }, { cluster: { name: "demo" } }), ctx),
  changes: {
    mappings: [
      { by: "mappings", spec: { mappings: { [admins]: { groups: ["readers"] } } } },
      { by: "mappings", spec: { mappings: { "arn:aws:iam::111122223333:user/ann": { username: "ann" } } } },
      { by: "mappings", spec: { mappings: {} } },
    ],
  },
  others: {
    async mappings(_live, ctx) {
      const api = await apiOf(ctx);
      const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "aws-auth" };
      const data = (await api.get(ref))?.["data"] as { readonly mapUsers?: string } | undefined;
      const mapUsers = `${data?.mapUsers ?? ""}- userarn: arn:aws:iam::111122223333:user/joe\n  username: joe\n`;
      await api.merge(ref, { data: { mapUsers } });
      return "arn:aws:iam::111122223333:user/joe";
    },
  },
});

const nodes = "arn:aws:iam::111122223333:role/nodes";

const nodeMappingRow = row({
  kind: nodeMapping,
  id: `node-mapping/${nodes}`,
  name: nodes,
  spec: { roleArn: nodes, system: "linux" },
  ground: aCluster,
  again: "same",
  strangers: "shared",
  stranger: async (ctx) => {
    const ref = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "kube-system", name: "aws-auth" } };
    const mapRoles = `- rolearn: ${nodes}\n  username: somebody\n`;
    await (await apiOf(ctx)).apply({ ...ref, data: { mapRoles } });
    return { ref: nodes };
  },
  changes: { mapping: [{ by: "mapping", spec: { system: "windows" } }] },
  others: {},
});

const pluginSet = (image: string, namespace: string) => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "plugin", namespace },
  spec: {
    updateStrategy: { type: "RollingUpdate" },
    selector: { matchLabels: { app: "plugin" } },
    template: { metadata: { labels: { app: "plugin" } }, spec: { containers: [{ name: "plugin", image }] } },
  },
});
const nvidiaImage = (version: string) => `nvcr.io/nvidia/k8s-device-plugin:${version}`;
const pluginAccount = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "plugin", namespace: "kube-system" },
};

const pluginRef = { apiVersion: "apps/v1", kind: "DaemonSet", name: "plugin", namespace: "kube-system" };

const devicePluginRow = row({
  kind: devicePlugin,
  id: "device-plugin/nvidia",
  name: "nvidia",
  spec: { objects: [pluginAccount, pluginSet(nvidiaImage("v0.19.0"), "kube-system")] },
  ground: aCluster,
  again: "same",
  strangers: "shared",
  stranger: async (ctx) => {
    await (await apiOf(ctx)).apply(pluginSet(nvidiaImage("v0.17.4@sha256:0123"), "default"));
    return { ref: "nvidia" };
  },
  changes: {
    objects: [
      { by: "objects", spec: { objects: [pluginAccount, pluginSet(nvidiaImage("v0.20.0"), "kube-system")] } },
      { by: "objects", spec: { objects: [pluginSet(nvidiaImage("v0.20.0"), "kube-system")] } },
      {
        by: "objects",
        async drift(_live, ctx) {
          await (await apiOf(ctx)).merge(pluginRef, { spec: { updateStrategy: { type: "OnDelete" } } });
        },
      },
    ],
  },
  others: {},
});

const jobs = { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get"] };
const jobsRole = (...rules: readonly (typeof jobs)[]) => ({
  object: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "runner", namespace: "jobs", labels: { tier: "web" } },
    ...(rules.length === 0 ? {} : { rules }),
  },
});

const objectRow = row({
  kind: kubernetesObject,
  id: "object/runner/jobs/Role",
  name: "Role/jobs/runner",
  spec: jobsRole(jobs),
  ground: aCluster,
  again: "same",
  stranger: async (ctx) => {
    const api = await apiOf(ctx);
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "jobs" } });
    await api.apply(jobsRole(jobs).object);
    return { ref: "Role/jobs/runner" };
  },
  changes: {
    object: [
      { by: "object", spec: jobsRole(jobs, { ...jobs, verbs: ["list"] }) },
      { by: "object", spec: jobsRole({ ...jobs, resources: ["cronjobs"] }) },
      // A member that is wanted no more is taken away.
      { by: "object", spec: jobsRole() },
    ],
  },
  others: {},
});

const release = { owner: "helm", name: "karpenter", status: "deployed", version: "1" };

const endpoint = "https://demo.example";

const helmReleaseRow = row({
  kind: helmRelease,
  id: "helm-release/karpenter",
  name: "karpenter/karpenter",
  spec: {
    namespace: "karpenter",
    release: "karpenter",
    chart: "oci://public.ecr.aws/karpenter/karpenter",
    chartVersion: "1.8.0",
    // No nodes: pods would not get ready.
    values: {
      replicas: "0",
      "settings.clusterName": "demo",
      [String.raw`serviceAccount.annotations.example\.com/note`]: "a,b",
    },
    endpointValue: "settings.aws.clusterEndpoint",
  },
  ground: async (ctx) => {
    await makeCluster(ctx);
    return { cluster: { name: "demo", endpoint } };
  },
  again: "same",
  strangers: "shared",
  stranger: async (ctx) => {
    const api = await apiOf(ctx);
    const namespace = "karpenter";
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const content = { info: { status: "deployed" }, chart: { metadata: { version: "1.0.0" } }, config: {} };
    const text = gzipSync(JSON.stringify(content)).toString("base64");
    await api.apply({
      apiVersion: "v1",
      kind: "Secret",
      type: "helm.sh/release.v1",
      metadata: { name: "sh.helm.release.v1.karpenter.v1", namespace, labels: release },
      data: { release: Buffer.from(text).toString("base64") },
    });
    return { ref: "karpenter/karpenter" };
  },
  changes: {
    chartVersion: [{ by: "release", spec: { chartVersion: "1.8.1" } }],
    values: [{ by: "release", spec: { values: { "settings.interruptionQueue": "demo" } } }],
    status: [
      {
        by: "release",
        async drift(live, ctx) {
          const api = await apiOf(ctx);
          const type = { apiVersion: "v1", kind: "Secret", namespace: "karpenter" };
          const secrets = await api.list(type, { namespace: "karpenter", labelSelector: "owner=helm" });
          const content = { info: { status: "failed" }, chart: { metadata: { version: live.attrs.chartVersion } } };
          const config = { settings: { interruptionQueue: "demo", aws: { clusterEndpoint: endpoint } } };
          const text = gzipSync(JSON.stringify({ ...content, config })).toString("base64");
          const name =
            secrets
              .map(({ metadata }) => metadata.name)
              .toSorted()
              .at(-1) ?? "";
          await api.merge({ ...type, name }, { data: { release: Buffer.from(text).toString("base64") } });
        },
      },
    ],
  },
  others: {},
});

const fluxRow = row({
  kind: fluxBootstrap,
  id: "flux",
  name: "flux-system",
  // No nodes: pods would not get ready.
  spec: { namespace: "flux-system", provider: "github", flags: { owner: "acme", password: "hidden", replicas: "0" } },
  ground: aCluster,
  again: "same",
  strangers: "shared",
  stranger: async (ctx) => {
    const api = await apiOf(ctx);
    const name = "flux-system";
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const labels = { "app.kubernetes.io/part-of": "flux" };
    await api.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "source-controller", namespace: name, labels },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [] } },
      },
    });
    return { ref: name };
  },
  changes: {
    bootstrap: [{ by: "bootstrap", spec: { flags: { owner: "acme", repository: "clusters" } } }],
  },
  others: {},
});

export const kubeRows = [
  serviceAccountRow,
  identityMappingsRow,
  nodeMappingRow,
  devicePluginRow,
  objectRow,
  helmReleaseRow,
  fluxRow,
];
