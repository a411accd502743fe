import type { Capability } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import type { AccessPolicy } from "../resources/eks/access-entry.ts";
import { type ArgoCdSpec, capability, type CapabilityAttrs } from "../resources/eks/capability.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { accessPoliciesOf, addAccessEntryOfRole } from "./access.ts";
import { accessPolicyArn, roleArn } from "./arns.ts";
import { givenDocument } from "./policies.ts";
import { addRole, ourRolePath, roleName } from "./roles.ts";
import type { Scope } from "./scope.ts";

/** `capabilities`, each with its role where none is given. */
export function addCapabilities(scope: Scope, cluster: Handle<ClusterAttrs>): readonly Handle<CapabilityAttrs>[] {
  return (scope.config.capabilities ?? []).map((wanted) => {
    const { name, type, roleArn: given, configuration } = wanted;
    const role = given === undefined ? addCapabilityRole(scope, wanted) : undefined;
    const entries = addEntry(scope, cluster, wanted, role);
    return scope.graph.add(capability, {
      id: `capability/${name}`,
      name,
      spec: {
        name,
        type,
        ...(given === undefined ? {} : { roleArn: given }),
        ...(configuration?.argocd === undefined ? {} : { argoCd: argoCd(configuration.argocd) }),
        tags: scope.tags(`capability/${name}`, wanted.tags),
      },
      deps: { cluster, role: role ? [role] : [] },
      after: entries.map((on) => ({ on, until: "ready" }) as const),
    });
  });
}

function addCapabilityRole(scope: Scope, { name, attachPolicyARNs = [], attachPolicy, ...wanted }: Capability) {
  return addRole(scope, {
    label: `capability/${name}`,
    description: `Capability ${name} of the EKS cluster ${scope.name}`,
    trust: { kind: "service", services: ["capabilities.eks.amazonaws.com"], tagSession: true },
    permissions: {
      managedPolicyArns: attachPolicyARNs,
      inlinePolicies: attachPolicy ? { Policy1: givenDocument(attachPolicy) } : {},
    },
    permissionsBoundary: wanted.permissionsBoundary,
    tags: wanted.tags,
  });
}

/**
 * The entry by which a capability enters the cluster. EKS would make it with the capability; made by us it carries our tag, and
 * goes before the role goes. That of a given role is EKS's, unless it gets policies of the file.
 */
function addEntry(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  { name, accessPolicies = [], roleArn: given, ...wanted }: Capability,
  role: Handle<RoleAttrs> | undefined,
): readonly Handle<unknown>[] {
  if (given !== undefined && accessPolicies.length === 0) return [];
  const of = `capability/${name}`;
  const own = accessPoliciesOf(accessPolicies);
  return [
    addAccessEntryOfRole(scope, cluster, {
      label: given === undefined ? of : `${of}/${given}`,
      type: "STANDARD",
      role,
      arn: given ?? roleArn(scope.facts, ourRolePath(scope), roleName(scope, of)),
      policies: [...typePolicies(scope, wanted, own), ...own],
    }),
  ];
}

/** What EKS gives each type of capability (EKS user guide, "Security considerations for EKS Capabilities"). */
function typePolicies(
  { facts }: Scope,
  { type, configuration }: Pick<Capability, "type" | "configuration">,
  own: readonly AccessPolicy[],
): readonly AccessPolicy[] {
  const everywhere = { type: "cluster" } as const;
  const argoCdNamespace = { type: "namespace", namespaces: [configuration?.argocd?.namespace ?? "argocd"] } as const;
  const policies = {
    ACK: { AmazonEKSACKPolicy: everywhere },
    KRO: { AmazonEKSKROPolicy: everywhere },
    ARGOCD: { AmazonEKSArgoCDClusterPolicy: everywhere, AmazonEKSArgoCDPolicy: argoCdNamespace },
  }[type];
  return Object.entries(policies)
    .map(([policy, scope]) => ({ policyArn: accessPolicyArn(facts, policy), scope }))
    .filter(({ policyArn }) => own.every((policy) => policy.policyArn !== policyArn));
}

function argoCd({ namespace, awsIdc, rbacRoleMappings, networkAccess }: ArgoCd): ArgoCdSpec {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...awsIdc,
    ...(rbacRoleMappings === undefined ? {} : { roleMappings: rbacRoleMappings }),
    ...(networkAccess?.vpceIds === undefined ? {} : { vpcEndpointIds: networkAccess.vpceIds }),
  };
}

type ArgoCd = NonNullable<NonNullable<Capability["configuration"]>["argocd"]>;
