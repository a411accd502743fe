import type { Branch } from "../../command.ts";

export const setVerb: Branch = {
  summary: "set labels of the nodes of a nodegroup",
  nouns: {
    labels: {
      summary: "set labels of the nodes of a nodegroup",
      load: () => import("./labels.ts"),
    },
  },
};
