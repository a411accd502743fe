import type { Branch } from "../../command.ts";

export const unsetVerb: Branch = {
  summary: "take labels of the nodes of a nodegroup away",
  nouns: {
    labels: {
      summary: "take labels of the nodes of a nodegroup away",
      load: () => import("./labels.ts"),
    },
  },
};
