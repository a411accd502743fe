import type { Call } from "../service.ts";
import { eksOf } from "../services/eks/place.ts";
import type { ClusterRecord } from "../services/eks/state.ts";
import { arn, type Context, given, resourceTags } from "./requirement.ts";

/** A resource of EKS: its ARN, and what conditions can ask about it. */
export interface Resource {
  readonly arn: string;
  readonly context: Context;
}

export function clusterNamed(name: string | undefined, call: Call): ClusterRecord | undefined {
  const { clusters } = eksOf(call);
  return name !== undefined && Object.hasOwn(clusters, name) ? clusters[name] : undefined;
}

interface OfCluster {
  readonly clusterName?: string | undefined;
}

export function cluster(name = "", call: Call): Resource {
  return { arn: arn(call, "eks", `cluster/${name}`), context: resourceTags(clusterNamed(name, call)?.tags) };
}

/** What follows a child's name in its ARN is known only when it is there. */
export function nodegroup(
  { clusterName = "", nodegroupName = "" }: OfCluster & { nodegroupName?: string | undefined },
  call: Call,
): Resource {
  const { nodegroups = {} } = clusterNamed(clusterName, call) ?? {};
  return seen(own(nodegroups, nodegroupName), arn(call, "eks", `nodegroup/${clusterName}/${nodegroupName}/*`));
}

export function addon(
  { clusterName = "", addonName = "" }: OfCluster & { addonName?: string | undefined },
  call: Call,
): Resource {
  const { addons = {} } = clusterNamed(clusterName, call) ?? {};
  return seen(own(addons, addonName), arn(call, "eks", `addon/${clusterName}/${addonName}/*`));
}

/** What its ARN says of its type is known only when it is there. */
export function capability(
  { clusterName = "", capabilityName = "" }: OfCluster & { capabilityName?: string | undefined },
  call: Call,
): Resource {
  const { capabilities = {} } = clusterNamed(clusterName, call) ?? {};
  return seen(own(capabilities, capabilityName), arn(call, "eks", `capability/${clusterName}/*/${capabilityName}/*`));
}

export function fargateProfile(
  { clusterName = "", fargateProfileName = "" }: OfCluster & { fargateProfileName?: string | undefined },
  call: Call,
): Resource {
  const { fargateProfiles = {} } = clusterNamed(clusterName, call) ?? {};
  return seen(
    own(fargateProfiles, fargateProfileName),
    arn(call, "eks", `fargateprofile/${clusterName}/${fargateProfileName}/*`),
  );
}

export function association(
  { clusterName = "", associationId = "*" }: OfCluster & { associationId?: string | undefined },
  call: Call,
): Resource {
  const { podIdentityAssociations = {} } = clusterNamed(clusterName, call) ?? {};
  return seen(
    own(podIdentityAssociations, associationId),
    arn(call, "eks", `podidentityassociation/${clusterName}/${associationId}`),
  );
}

export function identityProvider(
  {
    clusterName = "",
    identityProviderConfig,
  }: OfCluster & { identityProviderConfig?: { name?: string | undefined } | undefined },
  call: Call,
): Resource {
  const { name = "" } = identityProviderConfig ?? {};
  const provider = clusterNamed(clusterName, call)?.identityProvider;
  return seen(
    provider?.name === name ? provider : undefined,
    arn(call, "eks", `identityproviderconfig/${clusterName}/oidc/${name}/*`),
  );
}

export function accessEntry(
  { clusterName = "", principalArn = "" }: OfCluster & { principalArn?: string | undefined },
  call: Call,
): Resource {
  const { accessEntries = {} } = clusterNamed(clusterName, call) ?? {};
  const [, , , , account = "", principal = ""] = principalArn.split(":");
  const [type = ""] = principal.split("/");
  const path = `${type}/${account}/${principal.split("/").at(-1)}`;
  const entry = own(accessEntries, principalArn);
  const { arn: entryArn, context } = seen(entry, arn(call, "eks", `access-entry/${clusterName}/${path}/*`));
  const keys = {
    "eks:clusterName": clusterName,
    "eks:principalArn": principalArn,
    "eks:accessEntryType": entry?.type,
    "eks:kubernetesGroups": entry?.kubernetesGroups,
    "eks:username": entry?.username,
  };
  return { arn: entryArn, context: { ...context, ...given(keys) } };
}

/** Whatever has this ARN. */
export function tagged(resourceArn = "", call: Call): Resource {
  const clusters = Object.values(eksOf(call).clusters);
  const all = clusters.flatMap((each) => [
    each,
    ...Object.values(each.nodegroups),
    ...Object.values(each.fargateProfiles),
    ...Object.values(each.addons),
    ...Object.values(each.capabilities),
    ...Object.values(each.accessEntries),
    ...Object.values(each.podIdentityAssociations),
    ...(each.identityProvider ? [each.identityProvider] : []),
  ]);
  return seen(
    all.find((each) => each.arn === resourceArn),
    resourceArn,
  );
}

interface Recorded {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

function seen(record: Recorded | undefined, otherwise: string): Resource {
  return { arn: record?.arn ?? otherwise, context: resourceTags(record?.tags) };
}

function own<T>(records: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(records, key) ? records[key] : undefined;
}
