import type { Branch } from "../../command.ts";

export const sandboxVerb: Branch = {
  summary: "run or reset the embedded AWS",
  nouns: {
    serve: { summary: "serve the sandbox to any AWS client", load: () => import("./serve.ts") },
    reset: { summary: "forget everything in a sandbox", load: () => import("./reset.ts") },
  },
};
