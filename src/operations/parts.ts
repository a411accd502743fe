import { hasOidcProvider } from "../config/irsa.ts";
import { nodegroupNames } from "../config/nodegroup-names.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { AwsContext } from "../aws/context.ts";
import type { Graph } from "../engine/graph.ts";
import type { KindName, Live } from "../engine/kind.ts";

/**
 * Things of one sort in a cluster, that a file lists and a command is about: each comes and goes alone, with what is made for it.
 * Names are those that people know them by.
 */
export interface Part {
  /** One, and several. */
  readonly title: string;
  readonly titles: string;
  /** The kinds of the things themselves. */
  readonly kinds: readonly KindName[];
  /** Some of what it is made of is in Kubernetes. */
  readonly kubernetes?: true;
  /** The names of those in a file. */
  listed(config: ClusterConfig): readonly string[];
  /** The name of one of ours, by logical id and AWS's identifier; undefined for anything else. */
  named(id: string, ref: string): string | undefined;
  /** What somebody else's is called. Default: AWS's identifier. */
  othersName?(live: Live<unknown>): string;
  /** Whether a logical id is that of one, or of something that is made for it alone. */
  belongs(name: string): (id: string) => boolean;
  /** What stays when one goes, to be told. */
  readonly stays?: string;
  /** Logical ids of what it is made with and others have, too: made where it is missing, and left when it goes. */
  shares?(name: string, graph: Graph<AwsContext>): readonly string[];
}

/** Those whose logical id is a word and the name. */
function byPrefix(prefix: string): Part["named"] {
  return (id) => (id.startsWith(prefix) ? id.slice(prefix.length) : undefined);
}

function oneOf(...ids: readonly string[]): (id: string) => boolean {
  const known = new Set(ids);
  return (id) => known.has(id);
}

export const nodegroups: Part = {
  title: "nodegroup",
  titles: "nodegroups",
  kinds: ["eks.nodegroup", "cloudformation.stack"],
  listed: nodegroupNames,
  named: byPrefix("nodegroup/"),
  belongs(name) {
    const own = oneOf(
      `nodegroup/${name}`,
      `launch-template/${name}`,
      `role/nodegroup/${name}`,
      `access-entry/nodegroup/${name}`,
      `security-group/remote-access/${name}`,
      `security-group/node/${name}`,
      `security-group/efa/${name}`,
      `placement-group/${name}`,
      `key-pair/${name}`,
    );
    const rules = ["remote-access", "node", "efa"].map((group) => `security-group-rule/${group}/${name}/`);
    return (id) => own(id) || rules.some((start) => id.startsWith(start));
  },
  /** What lets its nodes in where their role is a given one, and the device plugins. */
  shares(name, { nodes }) {
    const node = nodes.get(`nodegroup/${name}`);
    const awaited = node?.source === "managed" ? node.after.map(({ on }) => on.id) : [];
    const ways = awaited.filter((id) => /^(access-entry|node-mapping)\//.test(id));
    return [...ways, ...[...nodes.keys()].filter((id) => id.startsWith("device-plugin/"))];
  },
};

export const fargateProfiles: Part = {
  title: "Fargate profile",
  titles: "Fargate profiles",
  kinds: ["eks.fargate-profile"],
  listed: ({ fargateProfiles: profiles = [] }) => profiles.map(({ name }) => name),
  named: byPrefix("fargate-profile/"),
  belongs: (name) => oneOf(`fargate-profile/${name}`),
  shares: () => ["role/fargate-pods", "access-entry/fargate-pods"],
};

export const addons: Part = {
  title: "add-on",
  titles: "add-ons",
  kinds: ["eks.addon"],
  listed: ({ addons: all = [] }) => all.map(({ name }) => name),
  named: byPrefix("addon/"),
  belongs(name) {
    const own = oneOf(`addon/${name}`, `role/addon/${name}`);
    return (id) => own(id) || id.startsWith(`role/pod-identity/${name}/`);
  },
};

export const capabilities: Part = {
  title: "capability",
  titles: "capabilities",
  kinds: ["eks.capability"],
  listed: ({ capabilities: all = [] }) => all.map(({ name }) => name),
  named: byPrefix("capability/"),
  belongs(name) {
    const own = oneOf(`capability/${name}`, `role/capability/${name}`, `access-entry/capability/${name}`);
    return (id) => own(id) || id.startsWith(`access-entry/capability/${name}/`);
  },
  stays: "what a capability has made stays, in the cluster and in AWS, and nothing looks after it any more",
};

export const accessEntries: Part = {
  title: "access entry",
  titles: "access entries",
  kinds: ["eks.access-entry"],
  listed: ({ accessConfig }) => (accessConfig?.accessEntries ?? []).map(({ principalARN }) => principalARN),
  named: (id, ref) => (id === `access-entry/${ref}` ? ref : undefined),
  belongs: (name) => oneOf(`access-entry/${name}`),
};

export const podIdentityAssociations: Part = {
  title: "pod identity association",
  titles: "pod identity associations",
  kinds: ["eks.pod-identity-association"],
  listed: ({ iam }) =>
    (iam?.podIdentityAssociations ?? []).map(
      ({ namespace, serviceAccountName }) => `${namespace}/${serviceAccountName}`,
    ),
  named: byPrefix("pod-identity/"),
  belongs: (name) => oneOf(`pod-identity/${name}`, `role/pod/${name}`),
  shares: (name) => [`service-account/${name}`],
};

export const serviceAccounts: Part = {
  title: "IAM service account",
  titles: "IAM service accounts",
  // One of them can be without the other.
  kinds: ["kube.service-account", "iam.role"],
  kubernetes: true,
  listed: ({ iam }) =>
    (iam?.serviceAccounts ?? []).map(({ metadata: { namespace = "default", name } }) => `${namespace}/${name}`),
  named: (id, ref) => byPrefix("role/service-account/")(id, ref) ?? byPrefix("service-account/")(id, ref),
  belongs: (name) => oneOf(`service-account/${name}`, `role/service-account/${name}`),
};

/** IAM's own of the cluster's issuer, by which its service accounts get roles. */
export const oidcProviders: Part = {
  title: "OIDC provider",
  titles: "OIDC providers",
  kinds: ["iam.oidc-provider"],
  listed: (config) => (hasOidcProvider(config) ? ["oidc-provider"] : []),
  named: (id) => (id === "oidc-provider" ? id : undefined),
  belongs: () => oneOf("oidc-provider"),
};

export const flux: Part = {
  title: "bootstrap",
  titles: "bootstraps",
  kinds: ["kube.flux-bootstrap"],
  kubernetes: true,
  listed: ({ gitops }) => (gitops?.flux === undefined ? [] : ["Flux"]),
  named: (id) => (id === "flux" ? "Flux" : undefined),
  belongs: () => oneOf("flux"),
};

export const identityProviders: Part = {
  title: "identity provider",
  titles: "identity providers",
  kinds: ["eks.identity-provider-config"],
  listed: ({ identityProviders: providers = [] }) => providers.map(({ name }) => name),
  named: (id, ref) => (id === "identity-provider" ? ref : undefined),
  belongs: () => oneOf("identity-provider"),
};
