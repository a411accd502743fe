import type { Handle } from "../engine/graph.ts";
import type { AddonPodIdentityAssociation, PodIdentityAssociation } from "../config/types.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { podIdentityAssociation, type PodIdentityAssociationAttrs } from "../resources/eks/pod-identity-association.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { givenDocument, joinPermissions, wellKnownPermissions } from "./policies.ts";
import { addRole, type RoleOptions } from "./roles.ts";
import { addServiceAccount } from "./service-accounts.ts";
import type { Scope } from "./scope.ts";

/** `iam.podIdentityAssociations`, each with its role where none is given. */
export function addPodIdentityAssociations(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
): readonly Handle<PodIdentityAssociationAttrs>[] {
  return (scope.config.iam?.podIdentityAssociations ?? []).map((wanted) => {
    const {
      namespace,
      serviceAccountName: serviceAccount,
      roleARN,
      targetRoleARN,
      disableSessionTags,
      policy,
    } = wanted;
    const account = `${namespace}/${serviceAccount}`;
    const role =
      roleARN === undefined
        ? addPodIdentityRole(scope, wanted, {
            label: `pod/${account}`,
            description: `Service account ${account} of the EKS cluster ${scope.name}`,
            tags: wanted.tags,
          })
        : undefined;
    // One that has a role by IRSA, too, is made for that.
    if (wanted.createServiceAccount === true && !scope.graph.nodes.has(`service-account/${account}`)) {
      addServiceAccount(scope, cluster, { namespace, name: serviceAccount });
    }
    return scope.graph.add(podIdentityAssociation, {
      id: `pod-identity/${account}`,
      name: account,
      spec: {
        namespace,
        serviceAccount,
        ...(roleARN === undefined ? {} : { roleArn: roleARN }),
        ...(targetRoleARN === undefined ? {} : { targetRoleArn: targetRoleARN }),
        ...(disableSessionTags === undefined ? {} : { disableSessionTags }),
        ...(policy === undefined ? {} : { policy }),
        tags: scope.tags(`pod-identity/${account}`, wanted.tags),
      },
      deps: { cluster, role: role ? [role] : [] },
    });
  });
}

/** A role that EKS gives to pods, with the permissions that an association names. */
export function addPodIdentityRole(
  scope: Scope,
  association: AddonPodIdentityAssociation & Pick<PodIdentityAssociation, "wellKnownPolicies">,
  { label, description, path, tags }: Pick<RoleOptions, "label" | "description" | "path" | "tags">,
): Handle<RoleAttrs> {
  const { permissionPolicyARNs = [], permissionPolicy, permissionPolicyName = "Policy1" } = association;
  const listed = {
    managedPolicyArns: permissionPolicyARNs,
    inlinePolicies: permissionPolicy ? { [permissionPolicyName]: givenDocument(permissionPolicy) } : {},
  };
  return addRole(scope, {
    label,
    description,
    trust: { kind: "service", services: ["pods.eks.amazonaws.com"], tagSession: true },
    permissions: joinPermissions(listed, wellKnownPermissions(scope.facts, association.wellKnownPolicies)),
    permissionsBoundary: association.permissionsBoundaryARN,
    name: association.roleName,
    path,
    tags,
  });
}
