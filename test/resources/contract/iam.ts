import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagInstanceProfileCommand,
  TagOpenIDConnectProviderCommand,
  TagRoleCommand,
} from "@aws-sdk/client-iam";
import type { AwsContext } from "../../../src/aws/context.ts";
import { memory, memoryTag } from "../../../src/aws/element-ownership.ts";
import { globalName, rolePath } from "../../../src/aws/names.ts";
import { instanceProfile } from "../../../src/resources/iam/instance-profile.ts";
import { oidcProvider } from "../../../src/resources/iam/oidc-provider.ts";
import { type PolicyDocument, role } from "../../../src/resources/iam/role.ts";
import { row } from "./row.ts";

const owner = { region: "us-west-2", cluster: "demo" };
const tags = { Name: "demo", team: "blue" };
const otherTags = { tags: { Name: "renamed" } };
const policy = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const allow = (action: string): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: [action], Resource: "*" }],
});

const roleRow = row({
  kind: role,
  id: "role/nodegroup/workers",
  name: globalName(owner, "nodegroup-workers"),
  spec: {
    path: rolePath(owner),
    description: "Nodes",
    trust: { kind: "service", services: ["ec2.amazonaws.com"], tagSession: false },
    managedPolicyArns: [policy("AmazonEKSWorkerNodePolicy"), policy("AmazonEC2ContainerRegistryPullOnly")],
    inlinePolicies: { PolicyAutoScaling: allow("autoscaling:DescribeTags") },
    tags,
  },
  ground: async () => ({ oidcProviders: [], trustAnchors: [] }),
  again: "refused",
  changes: {
    name: [{ by: /cannot rename a role \(it is demo/, spec: { chosenName: "another" } }],
    trust: [{ by: "trust", spec: { trust: { kind: "service", services: ["eks.amazonaws.com"], tagSession: true } } }],
    managedPolicies: [
      { by: "policies", spec: { managedPolicyArns: [policy("AmazonEKSWorkerNodePolicy")] } },
      { by: "policies", spec: { managedPolicyArns: [policy("AmazonEKS_CNI_Policy")] } },
      { by: "policies", spec: { managedPolicyArns: [] } },
    ],
    inlinePolicies: [
      { by: "policies", spec: { inlinePolicies: { PolicyAutoScaling: allow("autoscaling:SetDesiredCapacity") } } },
      { by: "policies", spec: { inlinePolicies: { PolicyEBS: allow("ec2:CreateVolume") } } },
      { by: "policies", spec: { inlinePolicies: {} } },
    ],
    removedPolicies: [
      {
        by: "policies",
        drift: ({ ref, attrs }, { clients }) => {
          const Key = memoryTag("policies");
          const Value = `${attrs.tags[Key] ?? ""}${memory(["removed, and not forgotten"])}`;
          return clients.iam.send(new TagRoleCommand({ RoleName: ref, Tags: [{ Key, Value }] }));
        },
      },
    ],
    permissionsBoundary: [{ by: "boundary", spec: { permissionsBoundary: policy("PowerUserAccess") } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: {
    async managedPolicies({ ref }, { clients }) {
      const PolicyArn = policy("AmazonSSMManagedInstanceCore");
      await clients.iam.send(new AttachRolePolicyCommand({ RoleName: ref, PolicyArn }));
      return PolicyArn;
    },
    async inlinePolicies({ ref }, { clients }) {
      const PolicyDocument = JSON.stringify(allow("s3:GetObject"));
      await clients.iam.send(new PutRolePolicyCommand({ RoleName: ref, PolicyName: "by-hand", PolicyDocument }));
      return "by-hand";
    },
    async tags({ ref }, { clients }) {
      await clients.iam.send(new TagRoleCommand({ RoleName: ref, Tags: [{ Key: "auditor", Value: "ann" }] }));
      return "auditor";
    },
  },
});

const issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

const oidcProviderRow = row({
  kind: oidcProvider,
  id: "oidc-provider",
  spec: { tags },
  ground: async () => ({ cluster: { oidcIssuer: issuer } }),
  again: "refused",
  changes: {
    issuer: [{ by: "replace", deps: { cluster: { oidcIssuer: issuer.replace("ABCDEF", "FEDCBA") } } }],
    audience: [
      {
        by: "audience",
        drift: ({ ref }, { clients }) =>
          clients.iam.send(
            new RemoveClientIDFromOpenIDConnectProviderCommand({
              OpenIDConnectProviderArn: ref,
              ClientID: "sts.amazonaws.com",
            }),
          ),
      },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: {
    async tags({ ref }, { clients }) {
      const Tags = [{ Key: "auditor", Value: "ann" }];
      await clients.iam.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: ref, Tags }));
      return "auditor";
    },
  },
});

const nodeRole = async ({ clients, account }: AwsContext, RoleName: string) => {
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  await clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  return { name: RoleName, arn: `arn:aws:iam::${account}:role/${RoleName}` };
};

const instanceProfileRow = row({
  kind: instanceProfile,
  id: "instance-profile/karpenter-nodes",
  name: globalName(owner, "karpenter-nodes"),
  spec: { tags },
  ground: async (ctx) => ({ role: await nodeRole(ctx, "nodes") }),
  again: "refused",
  changes: {
    name: [{ by: /cannot rename an instance profile \(it is demo/, spec: { chosenName: "another" } }],
    role: [async (ctx) => ({ by: "role", deps: { role: await nodeRole(ctx, "others") } })],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: {
    async tags({ ref }, { clients }) {
      const Tags = [{ Key: "auditor", Value: "ann" }];
      await clients.iam.send(new TagInstanceProfileCommand({ InstanceProfileName: ref, Tags }));
      return "auditor";
    },
  },
});

export const iamRows = [roleRow, oidcProviderRow, instanceProfileRow];
