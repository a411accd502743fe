import { type Rule, present } from "./rule.ts";

const podIdentityAgent = "eks-pod-identity-agent";

const karpenter: Rule = (config, report) => {
  const { version } = config.karpenter ?? {};
  if (config.karpenter === undefined) return;
  const agent = config.addons?.some((addon) => addon?.name === podIdentityAgent) ?? false;
  if (config.iam?.withOIDC !== true && !agent) {
    report(
      ["karpenter"],
      `needs iam.withOIDC: true, or the add-on ${podIdentityAgent}: one of them gives it its role`,
      {
        at: "key",
        reads: [["iam", "withOIDC"], ["addons"]],
      },
    );
  }
  if (version !== undefined && /^v?0\.1?\d\./.test(version)) {
    report(["karpenter", "version"], "must be 0.20.0 or newer: older ones have other settings and another registry");
  }
};

/** Its service account comes with it, and what gives it its role. */
const ownAccount: Rule = (config, report) => {
  if (config.karpenter === undefined) return;
  const isKarpenters = (namespace: string | undefined, name: string | undefined) =>
    namespace === "karpenter" && name === "karpenter";
  const message = "the service account karpenter/karpenter comes with karpenter: take it out here";
  for (const [index, { metadata }] of present(config.iam?.serviceAccounts)) {
    if (isKarpenters(metadata?.namespace, metadata?.name)) report(["iam", "serviceAccounts", index], message);
  }
  for (const [index, one] of present(config.iam?.podIdentityAssociations)) {
    if (isKarpenters(one.namespace, one.serviceAccountName)) report(["iam", "podIdentityAssociations", index], message);
  }
};

export const karpenterRules: readonly Rule[] = [karpenter, ownAccount];
