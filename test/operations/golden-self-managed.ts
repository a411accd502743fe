import { expect } from "vitest";
import type { ClusterConfig } from "../../src/config/types.ts";
import type { Edit, Part, Request } from "./golden-table.ts";

const arn = (policy: string) => `arn:aws:iam::aws:policy/${policy}`;
/** What nodes cannot do without. */
const policies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"].map(arn);

const dedicated = (value: string) => ({ key: "dedicated", value, effect: "PreferNoSchedule" }) as const;

/** A file with a self-managed nodegroup, which is edited. */
const before = {
  apiVersion: "eksctl.io/v1alpha5",
  kind: "ClusterConfig",
  metadata: { name: "demo", region: "us-west-2", version: "1.34" },
  availabilityZones: ["us-west-2a", "us-west-2b"],
  vpc: { nat: { gateway: "Disable" } },
  nodeGroups: [
    {
      name: "web",
      instanceType: "m5.large",
      volumeSize: 80,
      volumeType: "gp3",
      minSize: 1,
      maxSize: 4,
      desiredCapacity: 2,
      labels: { tier: "web" },
      taints: [dedicated("web")],
      tags: { schedule: "day", old: "yes" },
      iam: { attachPolicyARNs: [...policies, arn("AmazonSSMManagedInstanceCore")] },
    },
  ],
} satisfies ClusterConfig;

const nodegroup = (what: string, edit: Part, requests: readonly Request[], more: Partial<Edit> = {}): Edit => ({
  what,
  file: {},
  nodegroup: edit,
  requests,
  ...more,
});

/** What the stack is told that is not so before. */
interface Told {
  readonly parameters?: Part;
  readonly template?: string;
  readonly tags?: Part;
}

/** One change set, proposed and carried out. */
const changeSet = ({ parameters = {}, template = "", tags = {} }: Told): readonly Request[] => {
  const all = {
    DesiredCapacity: "2",
    MaxSize: "4",
    MinSize: "1",
    LaunchTemplate: "<launch-template/web>",
    LaunchTemplateVersion: "1",
    Role: "<role/nodegroup/web>",
    Subnets: expect.stringMatching(/^<subnet\/public\/.*>,<subnet\/public\/.*>$/) as unknown,
    ...parameters,
  };
  const TemplateBody: unknown = expect.toSatisfy(
    (body: unknown) => typeof body === "string" && body.includes(template) && !body.includes("UpdatePolicy"),
  );
  const tagged = Object.entries(tags).map(([Key, Value]): unknown => expect.objectContaining({ Key, Value }));
  return [
    [
      "cloudformation.CreateChangeSet",
      {
        TemplateBody,
        Parameters: Object.entries(all).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
        Tags: expect.arrayContaining(tagged) as unknown,
      },
    ],
    ["cloudformation.ExecuteChangeSet", {}],
  ];
};

/** The two nodes, one after the other. */
const replaced: readonly Request[] = [1, 2].flatMap((): readonly Request[] => [
  ["kubernetes.patch nodes", { body: { spec: { unschedulable: true } } }],
  ["autoscaling.TerminateInstanceInAutoScalingGroup", { ShouldDecrementDesiredCapacity: false }],
]);

/** A new version of the launch template, and the nodes replaced one after the other. */
const roll = (data: Part, told: Told = {}): readonly Request[] => [
  ["ec2.CreateLaunchTemplateVersion", { LaunchTemplateId: "<launch-template/web>", LaunchTemplateData: data }],
  ["ec2.ModifyLaunchTemplate", { LaunchTemplateId: "<launch-template/web>", DefaultVersion: "2" }],
  ...changeSet({ ...told, parameters: { LaunchTemplateVersion: "2", ...told.parameters } }),
  ...replaced,
];

const disk = (VolumeSize: number): Part => ({
  BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize, VolumeType: "gp3" } }],
});
/** The journal keeps it to itself. */
const userData: Part = { UserData: "***" };
const role = { RoleName: "<role/nodegroup/web>" };
const remember: Request = ["iam.TagRole", { ...role, Tags: [{ Key: "ekstool.dev/policies", Value: "(remembered)" }] }];
const desired = (capacity: string): Part => ({ "ekstool.dev/desired-capacity": capacity });

/** Live nodes are told by Kubernetes, coming ones by a version of the launch template. */
const register = (told: Part): readonly Request[] => [
  ["ec2.CreateLaunchTemplateVersion", { LaunchTemplateId: "<launch-template/web>", LaunchTemplateData: userData }],
  ["ec2.ModifyLaunchTemplate", { LaunchTemplateId: "<launch-template/web>", DefaultVersion: "2" }],
  ["kubernetes.patch nodes", { body: told }],
  ["kubernetes.patch nodes", { body: told }],
  ...changeSet({ parameters: { LaunchTemplateVersion: "2" }, template: '"Registration"' }),
];

const edits: readonly Edit[] = [
  // Nodes stay.
  nodegroup(
    "labels",
    { labels: { tier: "api", new: "1" } },
    register({ metadata: { labels: { tier: "api", new: "1" } }, spec: { taints: [dedicated("web")] } }),
  ),
  nodegroup(
    "taints",
    { taints: [dedicated("api"), { key: "b", effect: "NoSchedule" }] },
    register({
      metadata: { labels: { tier: "web" } },
      spec: { taints: [dedicated("api"), { key: "b", effect: "NoSchedule" }] },
    }),
  ),
  nodegroup(
    "desiredCapacity",
    { desiredCapacity: 3 },
    changeSet({ parameters: { DesiredCapacity: "3" }, tags: desired("3") }),
  ),
  nodegroup(
    "minSize and maxSize",
    { minSize: 2, maxSize: 6 },
    changeSet({ parameters: { MinSize: "2", MaxSize: "6" } }),
  ),
  nodegroup(
    "tags of a nodegroup: one added, one changed, one removed",
    { tags: { schedule: "night", old: undefined, new: "1" } },
    changeSet({ tags: { schedule: "night", new: "1" } }),
  ),
  nodegroup(
    "instancesDistribution: from the one type to a choice",
    {
      instanceType: undefined,
      instancesDistribution: { instanceTypes: ["m5.large", "m5a.large"], onDemandBaseCapacity: 1 },
    },
    changeSet({
      template: '"Overrides":[{"InstanceType":"m5.large"},{"InstanceType":"m5a.large"}]',
    }),
  ),
  nodegroup(
    "availabilityZones",
    { availabilityZones: ["us-west-2a"] },
    changeSet({ parameters: { Subnets: "<subnet/public/us-west-2a>" } }),
    { stays: true },
  ),
  nodegroup(
    "asgMetricsCollection",
    { asgMetricsCollection: [{ granularity: "1Minute", metrics: ["GroupMaxSize"] }] },
    changeSet({ template: '"MetricsCollection":[{"Granularity":"1Minute","Metrics":["GroupMaxSize"]}]' }),
  ),
  nodegroup(
    "maxInstanceLifetime",
    { maxInstanceLifetime: 86_400 },
    changeSet({ template: '"MaxInstanceLifetime":86400' }),
    { stays: true },
  ),
  nodegroup(
    "propagateASGTags",
    { propagateASGTags: true },
    changeSet({ template: "k8s.io/cluster-autoscaler/node-template/label/tier" }),
  ),
  nodegroup(
    "processes of the group",
    { asgSuspendProcesses: ["AZRebalance"] },
    [["autoscaling.SuspendProcesses", { ScalingProcesses: ["AZRebalance"] }]],
    { stays: true },
  ),
  nodegroup("iam.attachPolicyARNs", { iam: { attachPolicyARNs: [...policies, arn("CloudWatchAgentServerPolicy")] } }, [
    remember,
    ["iam.AttachRolePolicy", { ...role, PolicyArn: arn("CloudWatchAgentServerPolicy") }],
    ["iam.DetachRolePolicy", { ...role, PolicyArn: arn("AmazonSSMManagedInstanceCore") }],
    remember,
  ]),

  // Nodes are replaced.
  nodegroup("instanceType", { instanceType: "m6i.large" }, roll({ InstanceType: "m6i.large", ...disk(80) })),
  nodegroup("instanceType of another processor: with an image for it", { instanceType: "m6g.large" }, [
    ...roll({ InstanceType: "m6g.large", ImageId: expect.stringMatching(/^ami-/) as unknown }).slice(0, 2),
    [
      "ec2.CreateTags",
      {
        Resources: ["<launch-template/web>"],
        Tags: [
          {
            Key: "ekstool.dev/image-parameter",
            Value: "/aws/service/eks/optimized-ami/@version/amazon-linux-2023/arm64/standard/recommended/image_id",
          },
        ],
      },
    ],
    ...changeSet({ parameters: { LaunchTemplateVersion: "2" } }),
    ...replaced,
  ]),
  nodegroup(
    "amiFamily: with an image of it, also where nodes are told the same",
    { amiFamily: "UbuntuPro2404" },
    [
      [
        "ec2.CreateLaunchTemplateVersion",
        { LaunchTemplateData: { ImageId: expect.stringMatching(/^ami-/) as unknown } },
      ],
      ["ec2.ModifyLaunchTemplate", {}],
      [
        "ec2.CreateTags",
        {
          Tags: [
            { Key: "ekstool.dev/image-parameter", Value: expect.stringContaining("/ubuntu/eks-pro/24.04/") as unknown },
          ],
        },
      ],
      ...changeSet({ parameters: { LaunchTemplateVersion: "3" } }),
      ...replaced,
    ],
    { given: { nodeGroups: [{ ...before.nodeGroups[0], amiFamily: "UbuntuPro2204" }] }, stays: true },
  ),
  nodegroup(
    "ami",
    { ami: "ami-0fedcba9876543210", amiFamily: "AmazonLinux2023" },
    [
      ...roll({ ImageId: "ami-0fedcba9876543210" }).slice(0, 2),
      ["ec2.DeleteTags", { Tags: [{ Key: "ekstool.dev/image-parameter" }] }],
      ["ec2.CreateTags", { Tags: [{ Key: "ekstool.dev/tags", Value: "(remembered)" }] }],
      ...changeSet({ parameters: { LaunchTemplateVersion: "2" } }),
      ...replaced,
    ],
    { stays: true },
  ),
  nodegroup("volumeSize", { volumeSize: 120 }, roll(disk(120))),
  nodegroup("kubeletExtraConfig", { kubeletExtraConfig: { maxPods: 40 } }, roll(userData), {
    stays: true,
  }),
  nodegroup(
    "size, zones and disk at once: one change set",
    { desiredCapacity: 3, volumeSize: 100, tags: { schedule: "night" } },
    roll(disk(100), { parameters: { DesiredCapacity: "3" }, tags: { ...desired("3"), schedule: "night" } }),
  ),
];

/** The file, and what edits of it send. */
export const selfManaged = { before, edits } as const;
