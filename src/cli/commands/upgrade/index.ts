import { aliases, type Branch } from "../../command.ts";

export const upgradeVerb: Branch = {
  summary: "move a control plane or a nodegroup to a newer version",
  nouns: {
    cluster: {
      summary: "move a control plane to a newer Kubernetes version, or take its last upgrade back",
      load: () => import("./cluster.ts"),
    },
    nodegroup: {
      summary: "move a nodegroup to a newer version",
      aliases: aliases.nodegroup,
      load: () => import("./nodegroup.ts"),
    },
  },
};
