import type { KarpenterApi } from "./karpenter-api.ts";
import type { Statement } from "./policies.ts";

interface KarpenterScope {
  readonly api: KarpenterApi;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly nodeRoleArn: string;
  /** Absent: it hears of no interruptions. */
  readonly queueArn: string | undefined;
}

/**
 * What Karpenter's controller may do, as its project says it (Karpenter's documentation, "CloudFormation"): launches with its tags, and
 * changes only to what carries them. Releases with Provisioners do not tag all that they make, so only what they end is limited by tags.
 */
export function karpenterPolicy(scope: KarpenterScope): readonly Statement[] {
  const { partition, account, region, cluster, nodeRoleArn, queueArn, api } = scope;
  return [
    ...(api === "v1alpha5" ? provisionersStatements(scope) : nodePoolsStatements(scope)),
    statement(
      "Read",
      [
        ...(api === "v1" ? [] : ["ec2:DescribeAvailabilityZones"]),
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
      ],
      "*",
      { StringEquals: { "aws:RequestedRegion": region } },
    ),
    statement("ReadImages", ["ssm:GetParameter"], `arn:${partition}:ssm:${region}::parameter/aws/service/*`),
    statement("ReadPrices", ["pricing:GetProducts"], "*"),
    ...(queueArn === undefined ? [] : [statement("HearOfInterruptions", queueActions(api), queueArn)]),
    statement("GiveRole", ["iam:PassRole"], nodeRoleArn, {
      StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
    }),
    statement("FindCluster", ["eks:DescribeCluster"], `arn:${partition}:eks:${region}:${account}:cluster/${cluster}`),
  ];
}

/** Releases before 1.0 ask for the queue's attributes, too. */
function queueActions(api: KarpenterApi): readonly string[] {
  const asks = api === "v1" ? [] : ["sqs:GetQueueAttributes"];
  return ["sqs:DeleteMessage", ...asks, "sqs:GetQueueUrl", "sqs:ReceiveMessage"];
}

function provisionersStatements({ partition, region, cluster }: KarpenterScope): readonly Statement[] {
  const ec2 = (type: string) => `arn:${partition}:ec2:${region}:*:${type}/*`;
  const launches = ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances", "ec2:CreateTags"];
  return [
    statement("Launch", launches, "*", { StringEquals: { "aws:RequestedRegion": region } }),
    statement("EndInstances", ["ec2:TerminateInstances"], ec2("instance"), {
      StringLike: { "aws:ResourceTag/karpenter.sh/provisioner-name": "*" },
    }),
    statement("DeleteTemplates", ["ec2:DeleteLaunchTemplate"], ec2("launch-template"), {
      StringEquals: { "aws:ResourceTag/karpenter.k8s.aws/cluster": cluster },
    }),
  ];
}

function nodePoolsStatements({ partition, account, region, cluster, api }: KarpenterScope): readonly Statement[] {
  const ec2 = (...types: readonly string[]) => types.map((type) => `arn:${partition}:ec2:${region}:*:${type}/*`);
  const profiles = `arn:${partition}:iam::${account}:instance-profile/*`;
  const made = ec2(
    "fleet",
    "instance",
    "volume",
    "network-interface",
    "launch-template",
    "spot-instances-request",
    "capacity-reservation",
  );
  const clusterTag = `kubernetes.io/cluster/${cluster}`;
  const clusterName = { "aws:RequestTag/eks:eks-cluster-name": cluster };
  const requested = {
    [`aws:RequestTag/${clusterTag}`]: "owned",
    ...(api === "v1" && clusterName),
  };
  const existing = { [`aws:ResourceTag/${clusterTag}`]: "owned" };
  const regionTag = "topology.kubernetes.io/region";
  const nodeClass = "karpenter.k8s.aws/ec2nodeclass";
  const ofNodePool = (of: "Request" | "Resource") => ({ [`aws:${of}Tag/karpenter.sh/nodepool`]: "*" });
  const ofNodeClass = (of: "Request" | "Resource") => ({ [`aws:${of}Tag/${nodeClass}`]: "*" });
  return [
    statement(
      "LaunchFrom",
      ["ec2:RunInstances", "ec2:CreateFleet"],
      [
        `arn:${partition}:ec2:${region}::image/*`,
        `arn:${partition}:ec2:${region}::snapshot/*`,
        ...ec2("security-group", "subnet", "capacity-reservation", "placement-group"),
      ],
    ),
    statement("LaunchByTemplate", ["ec2:RunInstances", "ec2:CreateFleet"], ec2("launch-template"), {
      StringEquals: existing,
      StringLike: ofNodePool("Resource"),
    }),
    statement("Launch", ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"], made, {
      StringEquals: requested,
      StringLike: ofNodePool("Request"),
    }),
    statement("TagNew", ["ec2:CreateTags"], made, {
      StringEquals: { ...requested, "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"] },
      StringLike: ofNodePool("Request"),
    }),
    statement("TagInstances", ["ec2:CreateTags"], ec2("instance"), {
      StringEquals: existing,
      StringLike: ofNodePool("Resource"),
      ...(api === "v1" && { StringEqualsIfExists: clusterName }),
      "ForAllValues:StringEquals": {
        "aws:TagKeys": [...(api === "v1" ? ["eks:eks-cluster-name"] : []), "karpenter.sh/nodeclaim", "Name"],
      },
    }),
    statement("Delete", ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"], ec2("instance", "launch-template"), {
      StringEquals: existing,
      StringLike: ofNodePool("Resource"),
    }),
    statement("MakeProfiles", ["iam:CreateInstanceProfile"], profiles, {
      StringEquals: { ...requested, [`aws:RequestTag/${regionTag}`]: region },
      StringLike: ofNodeClass("Request"),
    }),
    statement("TagProfiles", ["iam:TagInstanceProfile"], profiles, {
      StringEquals: {
        ...existing,
        [`aws:ResourceTag/${regionTag}`]: region,
        ...requested,
        [`aws:RequestTag/${regionTag}`]: region,
      },
      StringLike: { ...ofNodeClass("Resource"), ...ofNodeClass("Request") },
    }),
    statement(
      "ChangeProfiles",
      ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
      profiles,
      { StringEquals: { ...existing, [`aws:ResourceTag/${regionTag}`]: region }, StringLike: ofNodeClass("Resource") },
    ),
    statement("ReadProfiles", ["iam:GetInstanceProfile"], profiles),
    statement("ListProfiles", ["iam:ListInstanceProfiles"], "*"),
  ];
}

function statement(
  Sid: string,
  Action: readonly string[],
  Resource: string | readonly string[],
  Condition?: Statement["Condition"],
): Statement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
}
