import type { Path } from "../../yaml.ts";
import { hasAutoMode } from "../auto-mode.ts";
import type { AddonPodIdentityAssociation, PodIdentityAssociation } from "../types.ts";
import { type Draft, type Report, type Rule, present, reportDuplicates } from "./rule.ts";

export const podIdentityAgent = "eks-pod-identity-agent";

/** Keys about the role that is made. */
const roleParts = [
  "permissionPolicyARNs",
  "permissionPolicy",
  "permissionPolicyName",
  "wellKnownPolicies",
  "roleName",
  "permissionsBoundaryARN",
] as const;

type Association = Draft<AddonPodIdentityAssociation> &
  Partial<Pick<Draft<PodIdentityAssociation>, "wellKnownPolicies">>;

/** The role of an association is given, or made of permissions. @param sources the keys that say which. */
export function reportRole(association: Association, at: Path, sources: string, report: Report): void {
  const { roleARN, permissionPolicyARNs, permissionPolicy, permissionPolicyName, wellKnownPolicies } = association;
  if (roleARN !== undefined) {
    for (const key of roleParts) {
      if (association[key] !== undefined) {
        report([...at, key], "cannot stand beside roleARN: a given role is not changed", { at: "key" });
      }
    }
    return;
  }
  const wellKnown = Object.values(wellKnownPolicies ?? {}).includes(true);
  if ((permissionPolicyARNs?.length ?? 0) === 0 && permissionPolicy === undefined && !wellKnown) {
    report(at, `needs one of ${sources}`, { reads: [...roleParts, "roleARN"].map((key) => [...at, key]) });
  } else if (permissionPolicyName !== undefined && permissionPolicy === undefined) {
    report([...at, "permissionPolicyName"], "needs permissionPolicy, which it names", {
      at: "key",
      reads: [[...at, "permissionPolicy"]],
    });
  }
}

const list: Path = ["iam", "podIdentityAssociations"];

const agent: Rule = (config, report) => {
  const { iam, addons } = config;
  if (hasAutoMode(config)) return;
  const listed = present(addons);
  if ((iam?.podIdentityAssociations?.length ?? 0) === 0) return;
  if (listed.some(([, { name }]) => name?.toLowerCase() === podIdentityAgent)) return;
  report(list, `needs the add-on ${podIdentityAgent}, which brings the credentials to pods`, {
    at: "key",
    hint: `add "- name: ${podIdentityAgent}" to addons`,
    reads: listed.map(([index]) => ["addons", index, "name"]),
  });
};

const associations: Rule = ({ iam }, report) => {
  for (const [index, association] of present(iam?.podIdentityAssociations)) {
    const at = [...list, index];
    reportRole(association, at, "roleARN, permissionPolicyARNs, permissionPolicy and wellKnownPolicies", report);
    reportSessionPolicy(association, at, report);
  }
};

function reportSessionPolicy(
  { policy, disableSessionTags }: Draft<PodIdentityAssociation>,
  at: Path,
  report: Report,
): void {
  if (policy === undefined) return;
  if (!isPolicy(policy)) report([...at, "policy"], "must be JSON text that holds a policy document with a Statement");
  if (disableSessionTags !== true) {
    report([...at, "policy"], "needs disableSessionTags: true, as EKS does not take both", {
      at: "key",
      reads: [[...at, "disableSessionTags"]],
    });
  }
}

function isPolicy(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && "Statement" in document;
  } catch {
    return false;
  }
}

/** EKS gives a service account one association, whoever asks for it. */
const accounts: Rule = ({ iam, addons }, report) => {
  const ofAddons = present(addons).flatMap(([index, addon]) =>
    present(addon.podIdentityAssociations).map(([number, association]) => ({
      association,
      path: ["addons", index, "podIdentityAssociations", number, "serviceAccountName"] as Path,
    })),
  );
  const own = present(iam?.podIdentityAssociations).map(([index, association]) => ({
    association,
    path: [...list, index, "serviceAccountName"] as Path,
  }));
  reportDuplicates(
    [...ofAddons, ...own].map(({ association: { namespace, serviceAccountName }, path }) => ({
      name: namespace && serviceAccountName && `${namespace}/${serviceAccountName}`,
      path,
    })),
    report,
    (name) => `the service account ${name} has an association already`,
  );
};

export const podIdentityRules: readonly Rule[] = [agent, associations, accounts];
