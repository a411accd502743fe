import type { FargateProfile } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { fargateProfile, type FargateProfileAttrs } from "../resources/eks/fargate-profile.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { addAccessEntryOfRole } from "./access.ts";
import { eksArn, managedPolicyArn, roleArn } from "./arns.ts";
import type { Network } from "./network.ts";
import { routesOf, subnetsNamed } from "./nodes/subnets.ts";
import { addRole, authenticationMode, ourRolePath, roleName } from "./roles.ts";
import type { Scope } from "./scope.ts";

type PodRole = Handle<Pick<RoleAttrs, "arn">>;

/** The label of what the profiles share: `role/fargate-pods`, and the access entry. */
const pods = "fargate-pods";

/** The Fargate profiles of the file, in its order. */
export function addFargateProfiles(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
): readonly Handle<FargateProfileAttrs>[] {
  const shared = sharedRole(scope, cluster);
  return (scope.config.fargateProfiles ?? []).map((profile) => {
    const { name, podExecutionRoleARN: given } = profile;
    const own: PodRole | undefined =
      given === undefined ? undefined : scope.graph.given(`role/fargate/${name}`, { arn: given });
    const role = own ?? shared.role;
    if (role === undefined) throw new Error(`the Fargate profile ${name} has no role`);
    const subnets =
      profile.subnets === undefined ? [] : subnetsNamed(network, `Fargate profile ${name}`, "private", profile.subnets);
    return scope.graph.add(fargateProfile, {
      id: `fargate-profile/${name}`,
      name,
      spec: {
        selectors: profile.selectors.map(({ namespace, labels = {} }) => ({ namespace, labels })),
        tags: { ...scope.tags(`fargate-profile/${name}`), ...profile.tags },
      },
      deps: { cluster, role, subnets: subnets.map(({ subnet }) => subnet) },
      // EKS tells private subnets from public ones by their routes, and pods have to get their images.
      after: [
        ...routesOf(subnets.length > 0 ? subnets : network.subnets).map((on) => ({ on, until: "ready" }) as const),
        ...shared.entries.map((on) => ({ on, until: "ready" }) as const),
      ],
    });
  });
}

interface SharedRole {
  readonly role?: PodRole;
  readonly entries: readonly Handle<unknown>[];
}

/** The role of those profiles that name none: the file's, or ours. */
function sharedRole(scope: Scope, cluster: Handle<ClusterAttrs>): SharedRole {
  const { fargateProfiles = [], iam } = scope.config;
  if (fargateProfiles.every(({ podExecutionRoleARN }) => podExecutionRoleARN !== undefined)) return { entries: [] };
  const given = iam?.fargatePodExecutionRoleARN;
  if (given !== undefined) return { role: scope.graph.given(`role/${pods}`, { arn: given }), entries: [] };
  const configMapOnly = authenticationMode(scope) === "CONFIG_MAP";
  // aws-auth, which EKS writes in that mode, cannot carry a path.
  const path = configMapOnly ? "/" : ourRolePath(scope);
  const role = addRole(scope, {
    label: pods,
    description: `Pods on Fargate of the EKS cluster ${scope.name}`,
    trust: {
      kind: "service",
      services: ["eks-fargate-pods.amazonaws.com"],
      tagSession: false,
      // No cluster of another account can have the role used.
      sourceArn: eksArn(scope, `fargateprofile/${scope.name}/*`),
    },
    permissions: {
      managedPolicyArns: [managedPolicyArn(scope.facts, "AmazonEKSFargatePodExecutionRolePolicy")],
      inlinePolicies: {},
    },
    permissionsBoundary: iam?.fargatePodExecutionRolePermissionsBoundary,
    path,
  });
  if (configMapOnly) return { role, entries: [] };
  const arn = roleArn(scope.facts, path, roleName(scope, pods));
  return { role, entries: [addAccessEntryOfRole(scope, cluster, { label: pods, type: "FARGATE_LINUX", role, arn })] };
}

/** CoreDNS' pods, as the add-on labels them. */
const coreDnsLabels: Readonly<Record<string, string>> = {
  "k8s-app": "kube-dns",
  "eks.amazonaws.com/component": "coredns",
};

/**
 * Whether the pods of an add-on in kube-system fit a profile. Of other add-ons than CoreDNS the labels are not known:
 * they fit selectors without labels.
 */
export function runsOnFargate(addon: string, { selectors }: FargateProfile): boolean {
  const known = addon === "coredns" ? coreDnsLabels : {};
  return selectors.some(
    ({ namespace, labels = {} }) =>
      fits(namespace, "kube-system") &&
      Object.entries(labels).every(([key, value]) => known[key] !== undefined && fits(value, known[key])),
  );
}

/** Patterns of Fargate's selectors: `*` is any characters, `?` is one. */
function fits(pattern: string, text: string): boolean {
  const quoted = pattern.replaceAll(".", String.raw`\.`);
  return new RegExp(`^${quoted.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u").test(text);
}
