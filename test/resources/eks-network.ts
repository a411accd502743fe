import type { AwsContext } from "../../src/aws/context.ts";
import { launchTemplate } from "../../src/resources/ec2/launch-template.ts";
import { internetGateway } from "../../src/resources/ec2/internet-gateway.ts";
import { routeTable } from "../../src/resources/ec2/route-table.ts";
import { subnet } from "../../src/resources/ec2/subnet.ts";
import { vpc } from "../../src/resources/ec2/vpc.ts";
import { type AddonSpec, addon } from "../../src/resources/eks/addon.ts";
import { type ClusterDeps, type ClusterSpec, cluster } from "../../src/resources/eks/cluster.ts";
import type { NodegroupDeps } from "../../src/resources/eks/nodegroup.ts";
import { role } from "../../src/resources/iam/role.ts";
import { make, wanting } from "./driver.ts";

const tags = { Name: "demo" };

export async function makeRole(
  ctx: AwsContext,
  label: string,
  service: string,
  policies: readonly string[],
  tagSession = false,
) {
  const spec = {
    path: "/ekstool/us-west-2/demo/",
    description: "test",
    trust: { kind: "service", services: [service], tagSession },
    managedPolicyArns: policies.map((name) => `arn:aws:iam::aws:policy/${name}`),
    inlinePolicies: {},
    tags,
  } as const;
  return make(role, wanting(`role/${label}`, spec, { oidcProviders: [], trustAnchors: [] }), ctx);
}

/** Where a control plane can live: a VPC with two public subnets and a way out, and its role. */
export async function makeGround(ctx: AwsContext): Promise<ClusterDeps> {
  const theVpc = await make(vpc, wanting("vpc", { cidr: "192.168.0.0/16", tags }, {}), ctx);
  const gateway = await make(internetGateway, wanting("internet-gateway", { tags }, { vpc: theVpc.attrs }), ctx);
  const subnets = await Promise.all(
    ["us-west-2a", "us-west-2b"].map((zone, index) => {
      const spec = { cidr: `192.168.${index * 32}.0/19`, zone, public: true, tags };
      return make(subnet, wanting(`subnet/public/${zone}`, spec, { vpc: theVpc.attrs }), ctx);
    }),
  );
  const attrs = subnets.map((live) => live.attrs);
  const routes = { vpc: theVpc.attrs, subnets: attrs, ipv4: [gateway.attrs], ipv6: [] };
  await make(routeTable, wanting("route-table/public", { tags }, routes), ctx);
  const policies = ["Cluster", "Compute", "BlockStorage", "LoadBalancing", "Networking"].map(
    (name) => `AmazonEKS${name}Policy`,
  );
  const clusterRole = await makeRole(ctx, "cluster", "eks.amazonaws.com", policies, true);
  await ctx.clock.sleep(30_000);
  return { role: clusterRole.attrs, subnets: attrs, securityGroups: [], nodeRole: [] };
}

export const clusterSpec: ClusterSpec = {
  version: "1.34",
  endpointPublicAccess: true,
  endpointPrivateAccess: true,
  publicAccessCidrs: ["203.0.113.0/24", "198.51.100.7/32"],
  logging: ["audit", "api"],
  authenticationMode: "API_AND_CONFIG_MAP",
  bootstrapClusterCreatorAdminPermissions: true,
  serviceIpv4Cidr: "172.20.0.0/16",
  supportType: "STANDARD",
  zonalShift: false,
  deletionProtection: false,
  tags: { Name: "demo", team: "blue" },
};

export async function makeCluster(ctx: AwsContext, spec: ClusterSpec = clusterSpec) {
  const deps = await makeGround(ctx);
  const live = await make(cluster, wanting("cluster", spec, deps, "demo"), ctx);
  return { live, deps };
}

export const addonWant = (name: string, spec: Partial<AddonSpec> = {}) =>
  wanting(
    `addon/${name}`,
    { resolveConflicts: { create: "OVERWRITE", update: "PRESERVE" }, tags, ...spec },
    { cluster: { name: "demo" }, role: [], podIdentityRoles: [] },
    name,
  );

/** A cluster where nodes can join: with a CNI, a node role and a launch template. */
export async function makeNodeGround(ctx: AwsContext): Promise<NodegroupDeps> {
  const { deps } = await makeCluster(ctx);
  await make(addon, addonWant("vpc-cni"), ctx);
  await make(addon, addonWant("kube-proxy"), ctx);
  const policies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"];
  const nodeRole = await makeRole(ctx, "nodegroup/workers", "ec2.amazonaws.com", policies);
  const template = await make(
    launchTemplate,
    wanting(
      "launch-template/workers",
      {
        instanceType: "m5.large",
        volumes: [{ device: "/dev/xvda", size: 80, type: "gp3" }],
        securityGroupIds: [],
        imds: { tokens: "required", hopLimit: 2 },
        launchTags: { Name: "demo-workers-Node" },
        tags,
      },
      { securityGroups: [], keyPair: [], cluster: [], placementGroup: [] },
    ),
    ctx,
  );
  await ctx.clock.sleep(30_000);
  return { cluster: { name: "demo" }, role: nodeRole.attrs, subnets: deps.subnets, launchTemplate: template.attrs };
}
