import type { ServiceAccount } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import type { OidcProviderAttrs } from "../resources/iam/oidc-provider.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { serviceAccount, type ServiceAccountAttrs } from "../resources/kube/service-account.ts";
import { roleArn } from "./arns.ts";
import { givenDocument, joinPermissions, wellKnownPermissions } from "./policies.ts";
import { addRole } from "./roles.ts";
import type { Scope } from "./scope.ts";

/** `iam.serviceAccounts`: their roles, and the accounts themselves unless others make them. */
export function addServiceAccounts(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  oidcProvider: Handle<OidcProviderAttrs> | undefined,
): readonly Handle<ServiceAccountAttrs>[] {
  return (scope.config.iam?.serviceAccounts ?? []).flatMap((wanted) => {
    const { name, namespace = "default", labels = {}, annotations = {} } = wanted.metadata;
    const role = wanted.attachRoleARN === undefined ? addAccountRole(scope, wanted, oidcProvider) : undefined;
    if (wanted.roleOnly === true) return [];
    return [
      addServiceAccount(scope, cluster, {
        namespace,
        name,
        labels,
        annotations,
        role,
        ...(wanted.attachRoleARN === undefined ? {} : { roleArn: wanted.attachRoleARN }),
      }),
    ];
  });
}

/** The role that the file makes for a service account, where it says its ARN elsewhere: what names it so waits for it. */
export function accountRoleWithArn(scope: Scope, arn: string): Pick<Handle<RoleAttrs>, "id"> | undefined {
  const account = scope.config.iam?.serviceAccounts?.find(
    ({ roleName }) => roleName !== undefined && roleArn(scope.facts, "/", roleName) === arn,
  );
  return account && { id: `role/${accountRoleLabel(account)}` };
}

function accountRoleLabel({ metadata: { name, namespace = "default" } }: ServiceAccount): string {
  return `service-account/${namespace}/${name}`;
}

function addAccountRole(
  scope: Scope,
  wanted: ServiceAccount,
  oidcProvider: Handle<OidcProviderAttrs> | undefined,
): Handle<RoleAttrs> {
  const { name, namespace = "default" } = wanted.metadata;
  const { subjectPattern, attachPolicyARNs = [], attachPolicy } = wanted;
  const listed = {
    managedPolicyArns: attachPolicyARNs,
    inlinePolicies: attachPolicy ? { Policy1: givenDocument(attachPolicy) } : {},
  };
  return addRole(scope, {
    label: accountRoleLabel(wanted),
    description: `Service account ${namespace}/${name} of the EKS cluster ${scope.name}`,
    trust:
      subjectPattern === undefined
        ? { kind: "oidc", subject: `system:serviceaccount:${namespace}:${name}` }
        : { kind: "oidc", subjectPattern },
    permissions: joinPermissions(listed, wellKnownPermissions(scope.facts, wanted.wellKnownPolicies)),
    permissionsBoundary: wanted.permissionsBoundary,
    name: wanted.roleName,
    tags: wanted.tags,
    oidcProvider,
  });
}

interface AccountOptions {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly role?: Handle<RoleAttrs> | undefined;
  readonly roleArn?: string;
}

/** The account in Kubernetes. */
export function addServiceAccount(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  { namespace, name, labels = {}, annotations = {}, role, roleArn }: AccountOptions,
): Handle<ServiceAccountAttrs> {
  return scope.graph.add(serviceAccount, {
    id: `service-account/${namespace}/${name}`,
    name: `${namespace}/${name}`,
    spec: {
      namespace,
      serviceAccount: name,
      labels,
      annotations,
      ...(roleArn === undefined ? {} : { roleArn }),
    },
    deps: { cluster, role: role ? [role] : [] },
  });
}
