import type { Facts } from "../facts/types.ts";
import type { PolicyDocument } from "../resources/iam/role.ts";
import { managedPolicyArn } from "./arns.ts";
import { loadBalancerControllerPolicy } from "./policy-load-balancer-controller.ts";

/** Permissions by the names that a ClusterConfig has for them: AWS's managed policies, and documents of our own. */
export interface PermissionSet {
  readonly managedPolicyArns: readonly string[];
  readonly inlinePolicies: Readonly<Record<string, PolicyDocument>>;
}

export const noPermissions: PermissionSet = { managedPolicyArns: [], inlinePolicies: {} };

/** A statement that allows. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

type Rule =
  | { readonly managed: string }
  | { readonly inline: string; readonly statements: (partition: string) => readonly Statement[] };

const allow = (Action: readonly string[], Resource: Statement["Resource"] = "*"): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

const autoScaler: Rule = {
  inline: "PolicyAutoScaling",
  statements: () => [
    allow([
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeLaunchConfigurations",
      "autoscaling:DescribeScalingActivities",
      "autoscaling:DescribeTags",
      "autoscaling:SetDesiredCapacity",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:GetInstanceTypesFromInstanceRequirements",
      "eks:DescribeNodegroup",
    ]),
  ],
};

const externalDns: Rule = {
  inline: "PolicyExternalDNS",
  statements: (partition) => [
    allow(["route53:ChangeResourceRecordSets"], `arn:${partition}:route53:::hostedzone/*`),
    allow(["route53:ListHostedZones", "route53:ListResourceRecordSets", "route53:ListTagsForResource"]),
  ],
};

const certManager: Rule = {
  inline: "PolicyCertManager",
  statements: (partition) => [
    allow(["route53:ChangeResourceRecordSets"], `arn:${partition}:route53:::hostedzone/*`),
    allow(["route53:ListResourceRecordSets", "route53:ListHostedZonesByName"]),
    allow(["route53:GetChange"], `arn:${partition}:route53:::change/*`),
  ],
};

const loadBalancerController: Rule = {
  inline: "PolicyAWSLoadBalancerController",
  statements: loadBalancerControllerPolicy,
};

const imageBuilder: Rule = { managed: "AmazonEC2ContainerRegistryPowerUser" };
const ebsCsiDriver: Rule = { managed: "service-role/AmazonEBSCSIDriverPolicy" };

const appMesh = (inline: string, service: string): Rule => ({
  inline,
  statements: () => [
    allow([
      "servicediscovery:CreateService",
      "servicediscovery:DeleteService",
      "servicediscovery:RegisterInstance",
      "servicediscovery:DeregisterInstance",
      "servicediscovery:ListInstances",
      "servicediscovery:ListNamespaces",
      "servicediscovery:ListServices",
      "servicediscovery:GetService",
      "servicediscovery:GetInstance",
      "servicediscovery:UpdateInstanceCustomHealthStatus",
      "servicediscovery:GetOperation",
      "servicediscovery:ListOperations",
      "route53:GetHealthCheck",
      "route53:CreateHealthCheck",
      "route53:UpdateHealthCheck",
      "route53:ChangeResourceRecordSets",
      "route53:DeleteHealthCheck",
      `${service}:*`,
    ]),
  ],
});

/** `managedNodeGroups[].iam.withAddonPolicies`. */
const nodePolicies: Readonly<Record<string, Rule>> = {
  imageBuilder,
  autoScaler,
  externalDNS: externalDns,
  certManager,
  appMesh: appMesh("PolicyAppMesh", "appmesh"),
  appMeshPreview: appMesh("PolicyAppMeshPreview", "appmesh-preview"),
  ebs: ebsCsiDriver,
  fsx: {
    inline: "PolicyFSX",
    statements: (partition) => [
      allow(["fsx:*"]),
      allow(
        ["iam:CreateServiceLinkedRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"],
        `arn:${partition}:iam::*:role/aws-service-role/*`,
      ),
    ],
  },
  efs: {
    inline: "PolicyEFS",
    statements: () => [
      allow([
        "elasticfilesystem:*",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaceAttribute",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "ec2:ModifyNetworkInterfaceAttribute",
      ]),
    ],
  },
  awsLoadBalancerController: loadBalancerController,
  albIngress: loadBalancerController,
  xRay: {
    inline: "PolicyXRay",
    statements: () => [
      allow([
        "xray:GetSamplingRules",
        "xray:GetSamplingStatisticSummaries",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ]),
    ],
  },
  cloudWatch: { managed: "CloudWatchAgentServerPolicy" },
};

/** `wellKnownPolicies` of service accounts. */
const wellKnownPolicies: Readonly<Record<string, Rule>> = {
  imageBuilder,
  autoScaler,
  awsLoadBalancerController: loadBalancerController,
  externalDNS: externalDns,
  certManager,
  ebsCSIController: ebsCsiDriver,
  efsCSIController: {
    inline: "PolicyEFSCSIController",
    statements: () => [
      allow(["elasticfilesystem:DescribeAccessPoints", "elasticfilesystem:DescribeFileSystems"]),
      {
        ...allow(["elasticfilesystem:CreateAccessPoint", "elasticfilesystem:TagResource"]),
        Condition: { StringLike: { "aws:RequestTag/efs.csi.aws.com/cluster": "true" } },
      },
      {
        ...allow(["elasticfilesystem:DeleteAccessPoint"]),
        Condition: { StringEquals: { "aws:ResourceTag/efs.csi.aws.com/cluster": "true" } },
      },
    ],
  },
};

/** Permissions of a node role for its `withAddonPolicies` flags. */
export function nodePermissions(facts: Facts, flags: Flags | undefined): PermissionSet {
  return permissions(facts, nodePolicies, flags);
}

/** Permissions of a service account's role for its `wellKnownPolicies` flags. */
export function wellKnownPermissions(facts: Facts, flags: Flags | undefined): PermissionSet {
  return permissions(facts, wellKnownPolicies, flags);
}

type Flags = Readonly<Record<string, boolean | undefined>>;

function permissions(facts: Facts, rules: Readonly<Record<string, Rule>>, flags: Flags | undefined): PermissionSet {
  const on = Object.entries(rules).filter(([name]) => flags?.[name] === true);
  return on.reduce<PermissionSet>((sum, [, rule]) => {
    if ("managed" in rule)
      return joinPermissions(sum, { ...noPermissions, managedPolicyArns: [managedPolicyArn(facts, rule.managed)] });
    const document = policyDocument(rule.statements(facts.caller.partition));
    return joinPermissions(sum, { ...noPermissions, inlinePolicies: { [rule.inline]: document } });
  }, noPermissions);
}

/**
 * What the VPC CNI does. AWS's policy has no IPv6; what it takes beside is added to it, so that nothing is missing that AWS
 * puts into its policy later.
 */
export function cniPermissions(facts: Facts, ipv6: boolean): PermissionSet {
  return {
    managedPolicyArns: [managedPolicyArn(facts, "AmazonEKS_CNI_Policy")],
    inlinePolicies: ipv6 ? { [ipv6CniPolicyName]: ipv6CniPolicy(facts) } : {},
  };
}

export const ipv6CniPolicyName = "PolicyCNIIPv6";

/** What the VPC CNI needs for IPv6 (EKS user guide, "Configure Amazon VPC CNI plugin to use IRSA"). */
export function ipv6CniPolicy({ caller }: Facts): PolicyDocument {
  return policyDocument([
    allow([
      "ec2:AssignIpv6Addresses",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeTags",
    ]),
    allow(["ec2:CreateTags"], `arn:${caller.partition}:ec2:*:*:network-interface/*`),
  ]);
}

export function joinPermissions(a: PermissionSet, b: PermissionSet): PermissionSet {
  return {
    managedPolicyArns: [...new Set([...a.managedPolicyArns, ...b.managedPolicyArns])],
    inlinePolicies: { ...a.inlinePolicies, ...b.inlinePolicies },
  };
}

export function policyDocument(statements: readonly object[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements.map((statement) => ({ ...statement })) };
}

/** The document of an inline policy as the file has it; a single statement needs no list there. */
export function givenDocument(document: Readonly<Record<string, unknown>>): PolicyDocument {
  const statements = document["Statement"];
  return policyDocument((Array.isArray(statements) ? statements : [statements]) as readonly object[]);
}
