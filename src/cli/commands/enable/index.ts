import type { Branch } from "../../command.ts";

export const enableVerb: Branch = {
  summary: "bootstrap Flux in a cluster",
  nouns: {
    flux: {
      summary: "bootstrap Flux in a cluster, as gitops.flux of the file has it",
      load: () => import("./flux.ts"),
    },
  },
};
