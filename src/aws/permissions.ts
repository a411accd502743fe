import type { Action, Need } from "../engine/kind.ts";
import { type Owner } from "./context.ts";
import { ownerHash, rolePath } from "./names.ts";
import type { Partition } from "./partition.ts";
import { clusterTag } from "./tags.ts";

/** What permissions are for: a cluster of an account, which `*` stands for where it is not known. */
export interface PermissionScope {
  readonly owner: Owner;
  readonly account: string;
  readonly partition: Partition;
}

/** The placeholders of resources and conditions, written as in AWS's Service Authorization Reference. */
const partition = "${Partition}";
const region = "${Region}";
const account = "${Account}";
const cluster = "${Cluster}";
const ourPath = "${Path}";
const hash = "${Hash}";

export function fill(pattern: string, { owner, ...where }: PermissionScope): string {
  return pattern
    .replaceAll(partition, where.partition)
    .replaceAll(region, owner.region)
    .replaceAll(account, where.account)
    .replaceAll(cluster, owner.cluster)
    .replaceAll(ourPath, rolePath(owner))
    .replaceAll(hash, ownerHash(owner));
}

/** To what something may be done, and on which condition. */
export interface Where {
  readonly on: readonly string[];
  readonly condition?: Action["condition"];
}

const anything: Where = { on: ["*"] };

/** Actions that fail the verb when they are not allowed. Without `where` they are those that AWS cannot narrow. */
export function allow(
  actions: string | readonly string[],
  where: Where = anything,
  reason?: string,
): readonly Action[] {
  return [actions].flat().map((action) => made(action, where, "required", reason));
}

/** Actions that are needed in a certain case, which completes "when ...". */
export function allowWhen(
  reason: string,
  actions: string | readonly string[],
  where: Where = anything,
): readonly Action[] {
  return [actions].flat().map((action) => made(action, where, "conditional", reason));
}

/** Actions without which the verb goes on, but not all of it is done, which completes "without it ...". */
export function allowOptionally(
  reason: string,
  actions: string | readonly string[],
  where: Where = anything,
): readonly Action[] {
  return [actions].flat().map((action) => made(action, where, "optional", reason));
}

function made(action: string, { on, condition }: Where, need: Need, reason: string | undefined): Action {
  return {
    action,
    resources: on,
    ...(condition === undefined ? {} : { condition }),
    need,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The same, but needed in a certain case only. */
export function onlyWhen(reason: string, actions: readonly Action[]): readonly Action[] {
  return actions.map((one) => {
    if (one.need === "optional") return one;
    const also = one.need === "conditional" && one.reason !== undefined ? `, and ${one.reason}` : "";
    return { ...one, need: "conditional", reason: `${reason}${also}` };
  });
}

const equals = (key: string, ...values: readonly string[]): Action["condition"] => ({
  StringEquals: { [key]: values },
});

/** Of a service in the cluster's region: `vpc/*`. */
function regional(service: string, resources: readonly string[]): readonly string[] {
  return resources.map((resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`);
}

/** IAM is global: its ARNs name no region. */
function global(resources: readonly string[]): readonly string[] {
  return resources.map((resource) => `arn:${partition}:iam::${account}:${resource}`);
}

/** The types of EC2's resources, as its ARNs have them. */
type Ec2Type =
  | "egress-only-internet-gateway"
  | "elastic-ip"
  | "instance"
  | "internet-gateway"
  | "key-pair"
  | "ipv6pool-ec2"
  | "launch-template"
  | "natgateway"
  | "placement-group"
  | "network-interface"
  | "route-table"
  | "security-group"
  | "security-group-rule"
  | "subnet"
  | "transit-gateway"
  | "transit-gateway-attachment"
  | "volume"
  | "vpc"
  | "vpc-endpoint"
  | "vpn-gateway";

function ec2Resources(types: readonly Ec2Type[]): readonly string[] {
  return regional(
    "ec2",
    types.map((type) => `${type}/*`),
  );
}

/** EC2's resources of a type, whoever has made them. */
export function every(...types: readonly Ec2Type[]): Where {
  return { on: ec2Resources(types) };
}

/** Of these resources those that somebody has tagged for the cluster; `tagOf` makes the tag of its name. */
export function tagged({ on }: Where, tagOf: (cluster: string) => readonly [key: string, value: string]): Where {
  const [key, value] = tagOf(cluster);
  return { on, condition: equals(`aws:ResourceTag/${key}`, value) };
}

/** EC2's resources that carry our tag. */
export function ours(...types: readonly Ec2Type[]): Where {
  return { on: ec2Resources(types), condition: equals(`aws:ResourceTag/${clusterTag}`, cluster) };
}

/** The security group that EKS makes for the cluster, by the tag that EKS puts on it. */
export const securityGroupOfEks: Where = {
  on: ec2Resources(["security-group"]),
  condition: equals("aws:ResourceTag/aws:eks:cluster-name", cluster),
};

const carryingOurTag = equals(`aws:RequestTag/${clusterTag}`, cluster);

/** What a call of EC2 makes and tags in one. */
function taggedBy(operation: string): Where {
  return { on: regional("ec2", ["*/*"]), condition: equals("ec2:CreateAction", operation) };
}

/** A call of EC2 that makes a thing of a type, with our tags in it: those are a permission of their own. */
export function making(operation: string, ...types: readonly Ec2Type[]): readonly Action[] {
  const on = ec2Resources(types);
  return [
    ...allow(`ec2:${operation}`, { on, condition: carryingOurTag }),
    ...allow("ec2:CreateTags", taggedBy(operation), `tags go with ${operation}`),
  ];
}

/** Changing the tags of things of a type. */
export function retagging(...types: readonly Ec2Type[]): readonly Action[] {
  return allow(["ec2:CreateTags", "ec2:DeleteTags"], ours(...types));
}

/** A launch, by a launch template and not otherwise. */
function launching(...resources: readonly string[]): Where {
  const templates = regional("ec2", ["launch-template/*"]);
  return { on: resources, condition: { ArnLike: { "ec2:LaunchTemplate": templates } } };
}

/**
 * What EKS tries in the caller's name when a nodegroup has a launch template (EKS user guide, "Customize managed nodes with
 * launch templates").
 */
export const launchingInstances: readonly Action[] = [
  ...allow(
    "ec2:RunInstances",
    launching(
      `arn:${partition}:ec2:${region}::image/*`,
      ...ec2Resources(["instance", "network-interface", "security-group", "subnet", "volume"]),
    ),
    "EKS checks that the caller may launch what the launch template says",
  ),
  ...allowWhen("the nodes have an SSH key", "ec2:RunInstances", launching(...regional("ec2", ["key-pair/*"]))),
  ...allowWhen(
    "the nodes are in a placement group",
    "ec2:RunInstances",
    launching(...regional("ec2", ["placement-group/*"])),
  ),
  ...allow("ec2:RunInstances", ours("launch-template"), "EKS checks it for the launch template"),
  ...allow("ec2:CreateTags", taggedBy("RunInstances"), "the launch template tags what it launches"),
];

/** A launch template by its id. */
export function launchTemplateOf(id: string): Where {
  return { on: regional("ec2", [`launch-template/${id}`]) };
}

/** What EKS's ARNs name by cluster. */
export type EksType =
  | "cluster"
  | "nodegroup"
  | "addon"
  | "fargateprofile"
  | "capability"
  | "access-entry"
  | "identityproviderconfig"
  | "podidentityassociation";

/** The cluster, or all of a type that it has. */
export function ofCluster(...types: readonly EksType[]): Where {
  return {
    on: regional(
      "eks",
      types.map((type) => (type === "cluster" ? `cluster/${cluster}` : `${type}/${cluster}/*`)),
    ),
  };
}

/** For calls that make something and name no resource of it: its tags narrow them. */
export const newWithOurTag: Where = { on: ["*"], condition: carryingOurTag };

/** The log group of the control plane; CloudWatch Logs ends its ARN in `:*` in some places, and not in others. */
export const logGroupOfCluster: Where = {
  on: regional("logs", [`log-group:/aws/eks/${cluster}/cluster*`]),
};

/** The OIDC providers of EKS clusters in the region. */
export const oidcProviders: Where = { on: global([`oidc-provider/oidc.eks.${region}.*`]) };

export const instanceProfiles: Where = { on: global(["instance-profile/*"]) };

export const loadBalancers: Where = { on: regional("elasticloadbalancing", ["loadbalancer/*"]) };

export const targetGroups: Where = { on: regional("elasticloadbalancing", ["targetgroup/*"]) };

/** Also of another account, which shares it. */
export const anyOutpost: Where = { on: [`arn:${partition}:outposts:${region}:*:outpost/op-*`] };

/** The stacks of the cluster whose names go on like this. */
export function ourStacks(what: "nodegroup-*" | "trust-anchor/*" | "anywhere-profile/*"): Where {
  return { on: regional("cloudformation", [`stack/ekstool-${cluster}-${what}`]) };
}
export const stacks: Where = { on: regional("cloudformation", ["stack/*"]) };
/** What CloudFormation makes for self-managed nodegroups in the caller's name. */
export const groupsOfStacks: Where = {
  on: regional("autoscaling", [`autoScalingGroup:*:autoScalingGroupName/ekstool-${cluster}-nodegroup-*`]),
};
/** Those that EKS keeps for managed nodegroups, by its own tag. */
export const groupsOfNodegroups: Where = {
  on: regional("autoscaling", ["autoScalingGroup:*:autoScalingGroupName/eks-*"]),
  condition: equals("aws:ResourceTag/eks:cluster-name", cluster),
};
export const ourInstanceProfiles: Where = { on: global([`instance-profile${ourPath}*`]) };

/** Resources of IAM Roles Anywhere: whoever has made them, ours, and such that get our tag. */
export function anywhere(type: "trust-anchor" | "profile"): Readonly<Record<"any" | "ours" | "coming", Where>> {
  const on = regional("rolesanywhere", [`${type}/*`]);
  return {
    any: { on },
    ours: { on, condition: equals(`aws:ResourceTag/${clusterTag}`, cluster) },
    coming: { on, condition: carryingOurTag },
  };
}

/** By the end of their names, as SQS and EventBridge know no paths. */
export const ourQueues: Where = { on: regional("sqs", [`*-${hash}`]) };
export const ourEventRules: Where = { on: regional("events", [`rule/*-${hash}`]) };

/** The parameters that are the cluster's lock, and their path. */
export const lockParameters: Where = { on: regional("ssm", [`parameter${ourPath}lock*`]) };

/** Parameters that AWS publishes: the images for nodes. They belong to no account. */
export const publicParameters: Where = { on: [`arn:${partition}:ssm:${region}::parameter/aws/service/*`] };

/** Any role of the account, where a person names one by hand. */
export const everyRole: Where = { on: global(["role/*"]) };

export const ourRoles: Where = { on: global([`role${ourPath}*`]) };

/** By the end of their names alone. */
export const rolesWithOurName: Where = { on: global([`role/*-${hash}`]) };

/** The ARN of a role, or the pattern of all that have our path. */
export function roleArn(path: string, name: string): string {
  return global([path === "/" ? `role/${name}` : `role${ourPath}*`]).join("");
}

/** Attaching these policies to a role, and no others: whoever may attach any makes an administrator. */
export function attaching(policyArns: readonly string[], { on }: Where): readonly Action[] {
  return policyArns.flatMap((arn) =>
    allow("iam:AttachRolePolicy", { on, condition: { ArnLike: { "iam:PolicyARN": [arn] } } }),
  );
}

/** A service looks at given roles in the caller's name; those that we make the caller may look at anyway. */
export function lookedAt(roles: readonly string[], ...actions: readonly string[]): readonly Action[] {
  const on = roles.filter((arn) => !arn.includes("${"));
  return on.length === 0 ? [] : allow(actions, { on }, "EKS looks at the role");
}

/** Handing roles to a service (iam:PassRole). */
export function passing(roles: readonly string[], service: string): readonly Action[] {
  const where = { on: roles, condition: equals("iam:PassedToService", service) };
  return roles.length === 0 ? [] : allow("iam:PassRole", where, `the role is handed to ${service}`);
}

/** The role that AWS has for a service, one in an account: looked for in the caller's name, and made if it is not there. */
export function serviceLinkedRole(service: string, role: string): readonly Action[] {
  const on = global([`role/aws-service-role/${service}/${role}`]);
  return [
    ...allow("iam:GetRole", { on }, `${service} looks for its service-linked role`),
    ...allowWhen("the account does not have the service-linked role yet", "iam:CreateServiceLinkedRole", {
      on,
      condition: equals("iam:AWSServiceName", service),
    }),
  ];
}

/**
 * A KMS key by any of its names. Policies know keys by their ARNs alone, so an alias stands for every key that may be behind it.
 *
 * @param name an id, an alias, or the ARN of either.
 */
export function kmsKey(name: string): Where {
  const resource = /(?:^|:)alias\//.test(name) ? "key/*" : `key/${name}`;
  return { on: name.startsWith("arn:") ? [name.replace(/:alias\/.*/, ":key/*")] : regional("kms", [resource]) };
}

/** What EKS does in the caller's name with a key for secrets. */
export function encryptingWith(keyArn: string): readonly Action[] {
  return allow(
    ["kms:CreateGrant", "kms:DescribeKey"],
    { on: [keyArn] },
    "EKS encrypts the cluster's secrets with the key",
  );
}
