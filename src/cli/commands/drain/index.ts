import { aliases, type Branch } from "../../command.ts";

export const drainVerb: Branch = {
  summary: "move what runs on a nodegroup away",
  nouns: {
    nodegroup: {
      summary: "cordon the nodes of nodegroups and move away what runs on them, or let pods come again",
      aliases: aliases.nodegroup,
      load: () => import("./nodegroup.ts"),
    },
  },
};
