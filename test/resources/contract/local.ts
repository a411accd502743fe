import { clusterEntryName, contextName, kubeconfig, kubeconfigId } from "../../../src/resources/local/kubeconfig.ts";
import { row } from "./row.ts";

const owner = { region: "us-west-2", cluster: "demo" };
const cluster = { name: "demo", endpoint: "https://demo.example", certificateAuthority: "Q0E=" };

const kubeconfigRow = row({
  kind: kubeconfig,
  id: kubeconfigId,
  name: clusterEntryName(owner),
  spec: {
    context: contextName("me", owner),
    setCurrent: true,
    exec: { command: "ekstool", args: ["token", "--cluster-name", "demo"], env: {} },
  },
  ground: async () => ({ cluster }),
  again: "same",
  // A file carries no tags: the entry is ours if it has our name.
  strangers: "us",
  changes: {
    endpoint: [{ by: "entry", deps: { cluster: { ...cluster, endpoint: "https://again.example" } } }],
    certificateAuthority: [
      {
        by: "entry",
        deps: { cluster: { ...cluster, endpoint: "https://again.example", certificateAuthority: "QUdBSU4=" } },
      },
    ],
    context: [{ by: "entry", spec: { context: contextName("you", owner) } }],
  },
  others: {},
});

export const localRows = [kubeconfigRow];
