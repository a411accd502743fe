import type { Rule } from "./rule.ts";

/** Flags that would lead to another cluster than the file's. */
const leadElsewhere: readonly string[] = [
  "as",
  "cluster",
  "context",
  "kube-api-server",
  "kubeconfig",
  "server",
  "user",
];

const flux: Rule = ({ gitops }, report) => {
  for (const name of Object.keys(gitops?.flux?.flags ?? {})) {
    if (leadElsewhere.includes(name)) {
      report(["gitops", "flux", "flags", name], "cannot be chosen: Flux comes into the cluster of this file", {
        at: "key",
      });
    }
  }
};

export const gitopsRules: readonly Rule[] = [flux];
