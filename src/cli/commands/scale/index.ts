import { aliases, type Branch } from "../../command.ts";

export const scaleVerb: Branch = {
  summary: "change the size of a nodegroup",
  nouns: {
    nodegroup: {
      summary: "change the size of a nodegroup",
      aliases: aliases.nodegroup,
      load: () => import("./nodegroup.ts"),
    },
  },
};
