import { isPrivate } from "../config/endpoint-services.ts";
import type { Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { podIdentityAssociation } from "../resources/eks/pod-identity-association.ts";
import { eventRule } from "../resources/events/rule.ts";
import { instanceProfile } from "../resources/iam/instance-profile.ts";
import type { OidcProviderAttrs } from "../resources/iam/oidc-provider.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { valuePath } from "../resources/kube/helm-record.ts";
import { helmRelease } from "../resources/kube/helm-release.ts";
import { queue, type QueueAttrs } from "../resources/sqs/queue.ts";
import { globalName } from "../aws/names.ts";
import { addAccessEntryOfRole } from "./access.ts";
import { addNodeMapping } from "./identity-mappings.ts";
import { chartSettings, chartVersion, karpenterApi } from "./karpenter-api.ts";
import { managedPolicyArn, roleArn } from "./arns.ts";
import { cniPermissions, joinPermissions, noPermissions, policyDocument } from "./policies.ts";
import { karpenterPolicy } from "./policy-karpenter.ts";
import { addRole, authenticationMode, ourRolePath, roleName } from "./roles.ts";
import { isIpv6, type Scope } from "./scope.ts";
import { addServiceAccount } from "./service-accounts.ts";

/** The tag by which node classes choose subnets and security groups, where the file gives it a value. */
export const discoveryTag = "karpenter.sh/discovery";

const account = { namespace: "karpenter", name: "karpenter" };
const controller = "karpenter";
const nodes = "karpenter-nodes";
const chart = "oci://public.ecr.aws/karpenter/karpenter";

/** Seconds: an interruption that is older is over. */
const retention = 300;

/** What Karpenter hears of, by the names of the rules that tell it (Karpenter's documentation, "CloudFormation"). */
const interruptions: Readonly<Record<string, { readonly source: string; readonly event: string }>> = {
  "instance-state-change": { source: "aws.ec2", event: "EC2 Instance State-change Notification" },
  rebalance: { source: "aws.ec2", event: "EC2 Instance Rebalance Recommendation" },
  "scheduled-change": { source: "aws.health", event: "AWS Health Event" },
  "spot-interruption": { source: "aws.ec2", event: "EC2 Spot Instance Interruption Warning" },
};

/** What comes before Karpenter, and what its nodes and the chart need. */
export interface KarpenterGround {
  readonly cluster: Handle<ClusterAttrs>;
  readonly oidcProvider: Handle<OidcProviderAttrs> | undefined;
  /** Those that begin with nodes, which it runs on. */
  readonly nodegroups: readonly Handle<unknown>[];
}

/** The role that Karpenter's nodes have. */
function nodeRoleArn(scope: Scope): string {
  return roleArn(scope.facts, nodePath(scope), roleName(scope, nodes));
}

/** aws-auth, where it is the only way in, cannot carry a path. */
function nodePath(scope: Scope): string {
  return authenticationMode(scope) === "CONFIG_MAP" ? "/" : ourRolePath(scope);
}

function profileName(scope: Scope): string {
  return scope.config.karpenter?.defaultInstanceProfile ?? roleName(scope, nodes);
}

export function addKarpenter(scope: Scope, ground: KarpenterGround): readonly Handle<unknown>[] {
  const wanted = scope.config.karpenter;
  if (wanted === undefined) return [];
  const { cluster } = ground;
  const { version } = wanted;
  const entries = addNodeIdentity(scope, cluster);
  const messages = wanted.withSpotInterruptionQueue === true ? addInterruptionQueue(scope) : undefined;
  const identity = addController(scope, ground, messages);
  const release = scope.graph.add(helmRelease, {
    id: `helm-release/${account.name}`,
    name: `${account.namespace}/${account.name}`,
    spec: {
      namespace: account.namespace,
      release: account.name,
      chart,
      chartVersion: chartVersion(version),
      values: {
        ...chartSettings(version, {
          cluster: scope.name,
          instanceProfile: profileName(scope),
          queue: messages?.name,
          isIsolated: isPrivate(scope.config),
        }),
        ...identity.values,
      },
      // Before 0.25 it did not find out by itself.
      ...(karpenterApi(version) === "v1alpha5" && { endpointValue: "settings.aws.clusterEndpoint" }),
    },
    deps: { cluster },
    after: [...entries, ...identity.ready, ...ground.nodegroups].map((on) => ({ on, until: "ready" }) as const),
    healthyAfter: ground.nodegroups.length === 0 ? "never" : ground.nodegroups,
  });
  return [release];
}

/** The role of its nodes, the profile that gives it to instances, and what lets them in. */
function addNodeIdentity(scope: Scope, cluster: Handle<ClusterAttrs>): readonly Handle<unknown>[] {
  const standard = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"];
  const role = addRole(scope, {
    label: nodes,
    description: `Nodes that Karpenter launches for the EKS cluster ${scope.name}`,
    trust: { kind: "service", services: ["ec2.amazonaws.com"], tagSession: false },
    permissions: joinPermissions(
      { ...noPermissions, managedPolicyArns: standard.map((name) => managedPolicyArn(scope.facts, name)) },
      cniPermissions(scope.facts, isIpv6(scope)),
    ),
    permissionsBoundary: scope.config.iam?.serviceRolePermissionsBoundary,
    path: nodePath(scope),
  });
  const chosenName = scope.config.karpenter?.defaultInstanceProfile;
  const profile = scope.graph.add(instanceProfile, {
    id: `instance-profile/${nodes}`,
    name: profileName(scope),
    spec: { ...(chosenName === undefined ? {} : { chosenName }), tags: scope.tags(`instance-profile/${nodes}`) },
    deps: { role },
  });
  const arn = nodeRoleArn(scope);
  if (authenticationMode(scope) === "CONFIG_MAP")
    return [profile, addNodeMapping(scope, cluster, arn, "linux") ?? []].flat();
  return [profile, addAccessEntryOfRole(scope, cluster, { label: nodes, type: "EC2_LINUX", role, arn })];
}

interface Messages {
  readonly name: string;
  readonly arn: string;
  readonly queue: Handle<QueueAttrs>;
}

/** The queue of interruptions, and the rules that fill it. */
function addInterruptionQueue(scope: Scope): Messages {
  const { partition, account: owner } = scope.facts.caller;
  const named = (what: string) => globalName({ region: scope.region, cluster: scope.name }, what);
  const name = named(controller);
  const arn = `arn:${partition}:sqs:${scope.region}:${owner}:${name}`;
  const rules = Object.entries(interruptions).map(([label, about]) => ({
    name: named(`${controller}-${label}`),
    label,
    about,
  }));
  const ruleArns = rules.map((rule) => `arn:${partition}:events:${scope.region}:${owner}:rule/${rule.name}`);
  const added = scope.graph.add(queue, {
    id: `queue/${controller}`,
    name,
    spec: {
      retentionSeconds: retention,
      policy: policyDocument([
        {
          Sid: "EventBridge",
          Effect: "Allow",
          Principal: { Service: ["events.amazonaws.com"] },
          Action: ["sqs:SendMessage"],
          Resource: arn,
          Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
        },
        {
          Sid: "EncryptedOnly",
          Effect: "Deny",
          Principal: "*",
          Action: ["sqs:*"],
          Resource: arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
      tags: scope.tags(`queue/${controller}`),
    },
    deps: {},
  });
  for (const rule of rules) {
    scope.graph.add(eventRule, {
      id: `event-rule/${controller}/${rule.label}`,
      name: rule.name,
      spec: {
        description: `Tells Karpenter in the EKS cluster ${scope.name}`,
        pattern: { source: [rule.about.source], "detail-type": [rule.about.event] },
        tags: scope.tags(`event-rule/${controller}/${rule.label}`),
      },
      deps: { queue: added },
    });
  }
  return { name, arn, queue: added };
}

interface Identity {
  /** What the chart is told of it. */
  readonly values: Readonly<Record<string, string>>;
  readonly ready: readonly Handle<unknown>[];
}

/** Karpenter's own role, and the service account that has it: through the OIDC provider, or by pod identity where there is none. */
function addController(
  scope: Scope,
  { cluster, oidcProvider }: KarpenterGround,
  messages: Messages | undefined,
): Identity {
  const { createServiceAccount: byChart = false, version = "" } = scope.config.karpenter ?? {};
  const role = addRole(scope, {
    label: controller,
    description: `Karpenter in the EKS cluster ${scope.name}`,
    trust:
      oidcProvider === undefined
        ? { kind: "service", services: ["pods.eks.amazonaws.com"], tagSession: true }
        : { kind: "oidc", subject: `system:serviceaccount:${account.namespace}:${account.name}` },
    permissions: {
      ...noPermissions,
      inlinePolicies: {
        Karpenter: policyDocument(
          karpenterPolicy({
            ...scope.facts.caller,
            api: karpenterApi(version),
            region: scope.region,
            cluster: scope.name,
            nodeRoleArn: nodeRoleArn(scope),
            queueArn: messages?.arn,
          }),
        ),
      },
    },
    oidcProvider,
  });
  const made = byChart
    ? []
    : [addServiceAccount(scope, cluster, { ...account, role: oidcProvider === undefined ? undefined : role })];
  const association = oidcProvider === undefined ? [addAssociation(scope, cluster, role)] : [];
  const annotation = valuePath(["serviceAccount", "annotations", "eks.amazonaws.com/role-arn"]);
  const arn = roleArn(scope.facts, ourRolePath(scope), roleName(scope, controller));
  return {
    values: {
      "serviceAccount.name": account.name,
      "serviceAccount.create": String(byChart),
      ...(byChart && oidcProvider !== undefined ? { [annotation]: arn } : {}),
    },
    ready: [role, ...made, ...association, ...(messages ? [messages.queue] : [])],
  };
}

function addAssociation(scope: Scope, cluster: Handle<ClusterAttrs>, role: Handle<RoleAttrs>): Handle<unknown> {
  const name = `${account.namespace}/${account.name}`;
  return scope.graph.add(podIdentityAssociation, {
    id: `pod-identity/${name}`,
    name,
    spec: {
      namespace: account.namespace,
      serviceAccount: account.name,
      tags: scope.tags(`pod-identity/${name}`),
    },
    deps: { cluster, role: [role] },
  });
}
