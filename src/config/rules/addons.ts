import { YamlError, type Path } from "../../yaml.ts";
import { hasAutoMode } from "../auto-mode.ts";
import { parseConfigurationValues } from "../configuration-values.ts";
import { irsaSources, irsaSourcesOf } from "../irsa.ts";
import { podIdentityAgent, reportRole } from "./pod-identity.ts";
import { type Rule, present, reportDuplicates } from "./rule.ts";

const names: Rule = ({ addons }, report) => {
  reportDuplicates(
    present(addons).map(([index, { name }]) => ({ name, path: ["addons", index, "name"] })),
    report,
    (name) => `the add-on ${name} is listed already`,
  );
};

const roles: Rule = ({ addons, iam }, report) => {
  for (const [index, addon] of present(addons)) {
    const at = ["addons", index];
    const [first, ...more] = irsaSourcesOf(addon);
    for (const key of more) {
      report(
        [...at, key],
        `cannot stand beside ${first}: an add-on gets its role from one of ${irsaSources.join(", ")}`,
        { at: "key" },
      );
    }
    const usesPodIdentity = (addon.podIdentityAssociations?.length ?? 0) > 0;
    if (first !== undefined && usesPodIdentity) {
      report([...at, first], "cannot stand beside podIdentityAssociations: a role comes by IRSA or by pod identity", {
        at: "key",
      });
    }
    if (addon.useDefaultPodIdentityAssociations === true && (first !== undefined || addon.podIdentityAssociations)) {
      report(
        [...at, "useDefaultPodIdentityAssociations"],
        `cannot stand beside ${addon.podIdentityAssociations ? "podIdentityAssociations" : first}`,
        { at: "key" },
      );
    }
    if (first !== undefined && iam?.withOIDC === false) {
      report([...at, first], "needs iam.withOIDC: true, since service accounts get roles through the OIDC provider", {
        at: "key",
        reads: [["iam", "withOIDC"]],
      });
    }
  }
};

const agent: Rule = (config, report) => {
  const { addons, addonsConfig } = config;
  if (hasAutoMode(config)) return;
  const listed = present(addons);
  if (listed.some(([, { name }]) => name?.toLowerCase() === podIdentityAgent)) return;
  const need = `needs the add-on ${podIdentityAgent}, which brings the credentials to pods`;
  const details = {
    at: "key",
    hint: `add "- name: ${podIdentityAgent}" to addons`,
    reads: namesOf(listed.length),
  } as const;
  for (const [index, addon] of listed) {
    const key =
      (addon.podIdentityAssociations?.length ?? 0) > 0
        ? "podIdentityAssociations"
        : "useDefaultPodIdentityAssociations";
    if (key === "podIdentityAssociations" || addon[key] === true) report(["addons", index, key], need, details);
  }
  if (addonsConfig?.autoApplyPodIdentityAssociations === true) {
    report(["addonsConfig", "autoApplyPodIdentityAssociations"], need, details);
  }
};

const namesOf = (count: number): readonly Path[] =>
  Array.from({ length: count }, (_, index) => ["addons", index, "name"]);

const associations: Rule = ({ addons }, report) => {
  for (const [index, addon] of present(addons)) {
    const at = ["addons", index, "podIdentityAssociations"];
    const list = present(addon.podIdentityAssociations);
    if (list.length > 0 && addon.name?.toLowerCase() === podIdentityAgent) {
      report(at, `${podIdentityAgent} itself takes no pod identity associations`, { at: "key" });
    }
    for (const [number, association] of list) {
      reportRole(association, [...at, number], "roleARN, permissionPolicyARNs and permissionPolicy", report);
    }
    reportDuplicates(
      list.map(([number, { serviceAccountName }]) => ({
        name: serviceAccountName,
        path: [...at, number, "serviceAccountName"],
      })),
      report,
      (name) => `the service account ${name} has an association already`,
    );
  }
};

const configurationValues: Rule = ({ addons }, report) => {
  for (const [index, { configurationValues: text }] of present(addons)) {
    const path = ["addons", index, "configurationValues"];
    try {
      const values = parseConfigurationValues(text);
      if (values !== undefined && (typeof values !== "object" || values === null || Array.isArray(values))) {
        report(path, "must be JSON or YAML text that holds a mapping");
      }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      const [first] = error.problems;
      report(path, `must be JSON or YAML text; in its line ${first?.line}: ${first?.message}`);
    }
  }
};

/** Without a CNI no node ever becomes ready. */
const defaultAddons: Rule = ({ addons, addonsConfig, nodeGroups = [], managedNodeGroups = [] }, report) => {
  if (addonsConfig?.disableDefaultAddons !== true || nodeGroups.length + managedNodeGroups.length === 0) return;
  if (present(addons).some(([, { name }]) => name?.toLowerCase() === "vpc-cni")) return;
  report(
    ["addonsConfig", "disableDefaultAddons"],
    "leaves the nodegroups without vpc-cni, so that no node becomes ready",
    {
      at: "key",
      hint: 'add "- name: vpc-cni" to addons',
      reads: namesOf(addons?.length ?? 0),
    },
  );
};

export const addonRules: readonly Rule[] = [names, roles, agent, associations, configurationValues, defaultAddons];
