import type { AwsContext } from "../../../src/aws/context.ts";
import type { Live } from "../../../src/engine/kind.ts";
import { serviceAccount } from "../../../src/resources/kube/service-account.ts";
import { makeCluster } from "../eks-network.ts";
import { row } from "./row.ts";

const account = { apiVersion: "v1", kind: "ServiceAccount", name: "api", namespace: "web" };

async function apiOf({ kubernetes }: AwsContext) {
  const api = await kubernetes();
  if (!api) throw new Error("the cluster is not up");
  return api;
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
  ground: async (ctx) => {
    await makeCluster(ctx);
    return { cluster: { name: "demo" }, role: [role("api")] };
  },
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

export const kubeRows = [serviceAccountRow];
