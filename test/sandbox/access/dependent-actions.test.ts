import { CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { CreateLaunchTemplateCommand, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  CreateAccessEntryCommand,
  CreateAddonCommand,
  CreateClusterCommand,
  type CreateClusterRequest,
  CreateFargateProfileCommand,
  CreateNodegroupCommand,
  type CreateNodegroupRequest,
  CreatePodIdentityAssociationCommand,
} from "@aws-sdk/client-eks";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { refusal } from "../clients.ts";
import { describeStack, fullEvents, profileTemplate } from "../cloudformation/account.ts";
import {
  cluster,
  clusterForNodes,
  clusterRequest,
  createNodegroup,
  type Ground,
  ground,
  makeRole,
  makeSubnet,
  present,
} from "../eks/account.ts";
import { allBut, allowed, denied, heldTo, missing, type Statement } from "./held.ts";

const account = "arn:aws:iam::111122223333";
const eksRole = "AWSServiceRoleForAmazonEKS";
const nodegroupRole = "AWSServiceRoleForAmazonEKSNodegroup";
const key = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** What is missing for a caller who may do all but this. */
async function without(
  here: Ground,
  call: (clients: ReturnType<typeof heldTo>) => Promise<unknown>,
  ...statements: readonly Statement[]
): Promise<string> {
  return missing(call(heldTo(here.sandbox, here.region, statements)));
}

describe("CreateCluster", () => {
  const create = (here: Ground, changes: Partial<CreateClusterRequest> = {}) => {
    const request = clusterRequest(here, {
      tags: { team: "blue" },
      encryptionConfig: [{ provider: { keyArn: key }, resources: ["secrets"] }],
      ...changes,
    });
    return ({ eks }: ReturnType<typeof heldTo>) => eks.send(new CreateClusterCommand(request));
  };

  it.each([
    ["eks:CreateCluster", "arn:aws:eks:us-west-2:111122223333:cluster/c"],
    ["eks:TagResource", "arn:aws:eks:us-west-2:111122223333:cluster/c"],
    ["iam:PassRole", `${account}:role/cluster`],
    ["iam:GetRole", "role cluster"],
    ["ec2:DescribeSubnets", undefined],
    ["ec2:DescribeVpcs", undefined],
    ["kms:DescribeKey", key],
    ["kms:CreateGrant", key],
    ["iam:CreateServiceLinkedRole", `${account}:role/aws-service-role/eks.amazonaws.com/${eksRole}`],
  ])("takes %s on %s", async (action, resource) => {
    const here = await ground();
    expect(await without(here, create(here), allBut(action))).toBe([action, resource].filter(Boolean).join(" on "));
    expect(Object.keys(here.sandbox.world.region(here.region).eks.clusters)).toEqual([]);
  });

  it("takes no more than that", async () => {
    const here = await ground();
    const { eks } = heldTo(here.sandbox, here.region, [
      allowed(["eks:CreateCluster", "ec2:DescribeSubnets", "ec2:DescribeVpcs"]),
      allowed("iam:PassRole", { Condition: { StringEquals: { "iam:PassedToService": "eks.amazonaws.com" } } }),
      allowed("iam:GetRole", { Resource: `${account}:role/*` }),
      allowed("iam:CreateServiceLinkedRole", {
        Condition: { StringEquals: { "iam:AWSServiceName": "eks.amazonaws.com" } },
      }),
    ]);
    await eks.send(new CreateClusterCommand(clusterRequest(here)));
  });

  it("passes the role to EKS and to nobody else", async () => {
    const here = await ground();
    const only = (service: string) =>
      allowed("iam:PassRole", { Condition: { StringEquals: { "iam:PassedToService": service } } });
    expect(await without(here, create(here), allBut("iam:PassRole"), only("ec2.amazonaws.com"))).toBe(
      `iam:PassRole on ${account}:role/cluster`,
    );
  });

  it("can be narrowed by what is asked for", async () => {
    const here = await ground();
    const open = denied("eks:CreateCluster", { Condition: { Bool: { "eks:endpointPublicAccess": true } } });
    const access = { ...clusterRequest(here).resourcesVpcConfig, endpointPublicAccess: true };
    expect(await without(here, create(here, { resourcesVpcConfig: access }), allowed("*"), open)).toBe(
      "eks:CreateCluster on arn:aws:eks:us-west-2:111122223333:cluster/c",
    );
    const { eks } = heldTo(here.sandbox, here.region, [allowed("*"), open]);
    await eks.send(new CreateClusterCommand(clusterRequest(here)));
  });
});

describe("service-linked roles", () => {
  const names = async ({ iam }: Ground) => {
    const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: "/aws-service-role/" }));
    return Roles.map(({ Path, RoleName }) => `${Path}${RoleName}`);
  };

  it("are absent in a fresh account, made on first use, and there to stay", async () => {
    const here = await ground();
    expect(await names(here)).toEqual([]);
    await here.eks.send(new CreateClusterCommand(clusterRequest(here)));
    expect(await names(here)).toEqual([`/aws-service-role/eks.amazonaws.com/${eksRole}`]);
    const { Role } = await here.iam.send(new GetRoleCommand({ RoleName: eksRole }));
    expect(Role?.Arn).toBe(`${account}:role/aws-service-role/eks.amazonaws.com/${eksRole}`);
    const { eks } = heldTo(here.sandbox, here.region, [allBut("iam:CreateServiceLinkedRole")]);
    await eks.send(new CreateClusterCommand(clusterRequest(here, { name: "second" })));
  });

  it("of nodegroups come with those of what they are made of", async () => {
    const here = await clusterForNodes();
    await createNodegroup(here, { capacityType: "SPOT" });
    expect(await names(here)).toEqual(
      [
        `/aws-service-role/eks.amazonaws.com/${eksRole}`,
        `/aws-service-role/eks-nodegroup.amazonaws.com/${nodegroupRole}`,
        "/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        "/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
      ].toSorted(byRoleName),
    );
  });

  it("of Fargate and of Spot Instances come with the first use, too", async () => {
    const here = await clusterForNodes();
    const podRole = await makeRole(here, "pods", "eks-fargate-pods", ["AmazonEKSFargatePodExecutionRolePolicy"]);
    const subnet = await makeSubnet(here, here.vpcId, "192.168.100.0/24", "us-west-2a");
    await here.pass(60);
    const profile = new CreateFargateProfileCommand({
      clusterName: "c",
      fargateProfileName: "p",
      podExecutionRoleArn: podRole,
      subnets: [subnet],
      selectors: [{ namespace: "default" }],
    });
    const spot = new RunInstancesCommand({
      ImageId: "ami-0123456789abcdef0",
      InstanceType: "m5.large",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet,
      InstanceMarketOptions: { MarketType: "spot" },
    });
    const { eks, ec2 } = heldTo(here.sandbox, here.region, [allBut("iam:CreateServiceLinkedRole")]);
    expect(await missing(eks.send(profile))).toBe(
      `iam:CreateServiceLinkedRole on ${account}:role/aws-service-role/eks-fargate.amazonaws.com/AWSServiceRoleForAmazonEKSForFargate`,
    );
    expect(await missing(ec2.send(spot))).toMatch(/^AuthFailure.ServiceLinkedRoleCreationNotPermitted: /);
    await here.eks.send(profile);
    await here.ec2.send(spot);
    expect(await names(here)).toEqual(
      expect.arrayContaining([
        "/aws-service-role/eks-fargate.amazonaws.com/AWSServiceRoleForAmazonEKSForFargate",
        "/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
      ]),
    );
  });

  it("are not anybody's to change", async () => {
    const { iam } = await cluster();
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (const call of [
      iam.send(new DeleteRoleCommand({ RoleName: eksRole })),
      iam.send(new AttachRolePolicyCommand({ RoleName: eksRole, PolicyArn })),
    ]) {
      expect(await refusal(call)).toEqual({
        name: "UnmodifiableEntityException",
        message: `Cannot perform the operation on the protected role '${eksRole}' - this role is only modifiable by AWS`,
        status: 400,
      });
    }
  });
});

function byRoleName(a: string, b: string): number {
  return (a.split("/").at(-1) ?? "") < (b.split("/").at(-1) ?? "") ? -1 : 1;
}

describe("CreateNodegroup", () => {
  const create = (here: Ground, changes: Partial<CreateNodegroupRequest> = {}) => {
    const { nodeRole, subnetIds: subnets } = here;
    const request = { clusterName: "c", nodegroupName: "ng", nodeRole, subnets, tags: { team: "blue" }, ...changes };
    return ({ eks }: ReturnType<typeof heldTo>) => eks.send(new CreateNodegroupCommand(request));
  };

  it.each([
    ["eks:CreateNodegroup", "eks:CreateNodegroup on arn:aws:eks:us-west-2:111122223333:cluster/c"],
    ["eks:TagResource", "eks:TagResource on arn:aws:eks:us-west-2:111122223333:nodegroup/c/ng/*"],
    ["iam:PassRole", `iam:PassRole on ${account}:role/node`],
    ["iam:ListAttachedRolePolicies", "iam:ListAttachedRolePolicies on role node"],
    ["ec2:DescribeSubnets", "ec2:DescribeSubnets"],
    [
      "iam:CreateServiceLinkedRole",
      `InvalidRequestException: Failed to create service linked role: ${nodegroupRole} due to missing permissions for 'iam:CreateServiceLinkedRole'`,
    ],
  ])("takes %s", async (action, words) => {
    const here = await clusterForNodes();
    expect(await without(here, create(here), allBut(action))).toBe(words);
  });

  it("looks for its service-linked role as the caller", async () => {
    const here = await clusterForNodes();
    const nodeRoleOnly = allowed("iam:GetRole", { Resource: here.nodeRole });
    expect(await without(here, create(here), allBut("iam:GetRole"), nodeRoleOnly)).toBe(
      `InvalidRequestException: Failed to validate if SLR: ${nodegroupRole} already exists due to missing permissions for 'iam:GetRole'`,
    );
  });

  it("launches from a template as the caller", async () => {
    const here = await clusterForNodes();
    const { LaunchTemplate } = await here.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "template",
        LaunchTemplateData: {
          InstanceType: "m5.large",
          TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "team", Value: "blue" }] }],
        },
      }),
    );
    const launch = create(here, { launchTemplate: { id: present(LaunchTemplate?.LaunchTemplateId) } });
    const refused = /^InvalidRequestException: You are not authorized to launch instances with this launch template\. /;
    for (const statement of [
      denied("ec2:RunInstances"),
      denied("ec2:RunInstances", { Resource: `arn:aws:ec2:*:*:subnet/${here.subnetIds[1]}` }),
      denied("ec2:RunInstances", { Condition: { StringEquals: { "ec2:InstanceType": "m5.large" } } }),
      denied("ec2:CreateTags", { Condition: { StringEquals: { "ec2:CreateAction": "RunInstances" } } }),
      denied("ec2:RunInstances", {
        Resource: "arn:aws:ec2:*:*:instance/*",
        Condition: { StringEquals: { "aws:RequestTag/team": "blue" } },
      }),
    ]) {
      expect(await without(here, launch, allowed("*"), statement)).toMatch(refused);
    }
    expect(await without(here, launch, allBut("ec2:DescribeLaunchTemplateVersions"))).toBe(
      "ec2:DescribeLaunchTemplateVersions",
    );
    const { eks } = heldTo(here.sandbox, here.region, [allBut("ec2:RunInstances")]);
    await create(here)({ ...here, eks });
  });
});

describe("RunInstances", () => {
  it("takes all that is used and made", async () => {
    const here = await ground();
    await here.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "p" }));
    await here.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "p", RoleName: "node" }));
    await here.pass(60);
    const Tags = [{ Key: "team", Value: "blue" }];
    const run = new RunInstancesCommand({
      ImageId: "ami-0123456789abcdef0",
      InstanceType: "m5.large",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: present(here.subnetIds[0]),
      IamInstanceProfile: { Name: "p" },
      TagSpecifications: [{ ResourceType: "instance", Tags }],
    });
    const send = ({ ec2 }: ReturnType<typeof heldTo>) => ec2.send(run);
    const on = (part: string) => `arn:aws:ec2:us-west-2:*:${part}`;
    for (const part of ["image/*", "subnet/*", "security-group/*", "instance/*", "volume/*", "network-interface/*"]) {
      expect(await without(here, send, allowed("*"), denied("ec2:RunInstances", { Resource: on(part) }))).toMatch(
        new RegExp(`^ec2:RunInstances on arn:aws:ec2:us-west-2:[^:]*:${part.replace("*", "")}`),
      );
    }
    expect(await without(here, send, allBut("iam:PassRole"))).toBe(`iam:PassRole on ${here.nodeRole}`);
    expect(await without(here, send, allBut("ec2:CreateTags"))).toBe(
      "ec2:CreateTags on arn:aws:ec2:us-west-2:111122223333:instance/*",
    );
    await send(heldTo(here.sandbox, here.region, [allowed(["ec2:RunInstances", "ec2:CreateTags", "iam:PassRole"])]));
  });
});

describe("whoever gives a role to somebody passes it", () => {
  type Clients = ReturnType<typeof heldTo>;
  it.each([
    [
      "CreateAddon for its service account",
      ({ eks }: Clients, role: string) =>
        eks.send(new CreateAddonCommand({ clusterName: "c", addonName: "vpc-cni", serviceAccountRoleArn: role })),
      "eks.amazonaws.com",
    ],
    [
      "CreateAddon with pod identity",
      ({ eks }: Clients, roleArn: string) => {
        const podIdentityAssociations = [{ serviceAccount: "aws-node", roleArn }];
        return eks.send(new CreateAddonCommand({ clusterName: "c", addonName: "vpc-cni", podIdentityAssociations }));
      },
      "pods.eks.amazonaws.com",
    ],
    [
      "CreatePodIdentityAssociation",
      ({ eks }: Clients, roleArn: string) => {
        const to = { namespace: "n", serviceAccount: "s" };
        return eks.send(new CreatePodIdentityAssociationCommand({ clusterName: "c", ...to, roleArn }));
      },
      "pods.eks.amazonaws.com",
    ],
    [
      "CreateAccessEntry for nodes",
      ({ eks }: Clients, principalArn: string) =>
        eks.send(new CreateAccessEntryCommand({ clusterName: "c", type: "EC2_LINUX", principalArn })),
      "ec2.amazonaws.com",
    ],
  ])("%s", async (_, call, service) => {
    const here = await cluster();
    const role = await makeRole(here, "given", "pods.eks");
    await here.pass(60);
    const send = (clients: Clients) => call(clients, role);
    const passing = (to: string) =>
      allowed("iam:PassRole", { Resource: role, Condition: { StringEquals: { "iam:PassedToService": to } } });
    expect(await without(here, send, allBut("iam:PassRole"))).toBe(`iam:PassRole on ${role}`);
    expect(await without(here, send, allBut("iam:PassRole"), passing("lambda.amazonaws.com"))).toBe(
      `iam:PassRole on ${role}`,
    );
    await send(heldTo(here.sandbox, here.region, [allBut("iam:PassRole"), passing(service)]));
  });

  it("AddRoleToInstanceProfile", async () => {
    const here = await ground();
    await here.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "p" }));
    const add = new AddRoleToInstanceProfileCommand({ InstanceProfileName: "p", RoleName: "node" });
    expect(await without(here, ({ iam }) => iam.send(add), allBut("iam:PassRole"))).toBe(
      `iam:PassRole on ${here.nodeRole}`,
    );
  });
});

describe("a stack", () => {
  it("does with resources only what whoever asked for it may do, and says so in its events", async () => {
    const here = await ground();
    const { cloudformation } = heldTo(here.sandbox, here.region, [allBut("iam:CreateInstanceProfile")]);
    const input = { StackName: "s", TemplateBody: profileTemplate(), Capabilities: ["CAPABILITY_IAM" as const] };
    await cloudformation.send(new CreateStackCommand(input));
    await here.pass(30);
    const failed = (await fullEvents(here)).find(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED");
    expect(failed).toMatchObject({ LogicalResourceId: "Profile" });
    expect(failed?.ResourceStatusReason).toMatch(
      /not authorized to perform: iam:CreateInstanceProfile on resource: .*HandlerErrorCode: AccessDenied/,
    );
    expect((await describeStack(here)).StackStatus).toBe("ROLLBACK_COMPLETE");
  });

  it("takes a right of its own to be tagged", async () => {
    const here = await ground();
    const { cloudformation } = heldTo(here.sandbox, here.region, [allBut("cloudformation:TagResource")]);
    const Tags = [{ Key: "a", Value: "1" }];
    const input = { StackName: "s", TemplateBody: profileTemplate(), Tags };
    expect(await missing(cloudformation.send(new CreateStackCommand(input)))).toBe(
      "cloudformation:TagResource on arn:aws:cloudformation:us-west-2:111122223333:stack/s/*",
    );
  });
});
