import {
  AssociateRouteTableCommand,
  AttachVpnGatewayCommand,
  ModifyVpcEndpointCommand,
  CreateRouteCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  DisassociateRouteTableCommand,
  ModifyLaunchTemplateCommand,
  ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../../src/aws/context.ts";
import type { Live } from "../../../src/engine/kind.ts";
import { egressOnlyInternetGateway } from "../../../src/resources/ec2/egress-only-internet-gateway.ts";
import { elasticIp } from "../../../src/resources/ec2/elastic-ip.ts";
import { internetGateway } from "../../../src/resources/ec2/internet-gateway.ts";
import { keyPair } from "../../../src/resources/ec2/key-pair.ts";
import { launchTemplate } from "../../../src/resources/ec2/launch-template.ts";
import { natGateway } from "../../../src/resources/ec2/nat-gateway.ts";
import { placementGroup } from "../../../src/resources/ec2/placement-group.ts";
import { routeTable } from "../../../src/resources/ec2/route-table.ts";
import { securityGroup } from "../../../src/resources/ec2/security-group.ts";
import { securityGroupRule } from "../../../src/resources/ec2/security-group-rule.ts";
import { subnet } from "../../../src/resources/ec2/subnet.ts";
import { transitGatewayAttachment } from "../../../src/resources/ec2/transit-gateway-attachment.ts";
import { vpcEndpoint } from "../../../src/resources/ec2/vpc-endpoint.ts";
import { vpc } from "../../../src/resources/ec2/vpc.ts";
import { vpnGatewayAttachment } from "../../../src/resources/ec2/vpn-gateway-attachment.ts";
import { make, wanting } from "../driver.ts";
import { row } from "./row.ts";

const tags = { Name: "demo", team: "blue" };
/** Somebody keeps them in the account: see `openPlace`. */
const transitGatewayId = "tgw-0123456789abcdef0";
const vpnGatewayId = "vgw-0123456789abcdef0";
const otherTags = { tags: { Name: "renamed" } };

/** Somebody else's tag on any EC2 resource. */
async function tagged({ ref }: Live<unknown>, { clients }: AwsContext): Promise<string> {
  await clients.ec2.send(new CreateTagsCommand({ Resources: [ref], Tags: [{ Key: "auditor", Value: "ann" }] }));
  return "auditor";
}

async function makeVpc(ctx: AwsContext) {
  const { attrs } = await make(vpc, wanting("vpc", { cidr: "192.168.0.0/16", tags }, {}), ctx);
  return { vpc: attrs };
}

async function makeNetwork(ctx: AwsContext) {
  const theVpc = await makeVpc(ctx);
  const gateway = await make(internetGateway, wanting("internet-gateway", { tags }, theVpc), ctx);
  const spec = { cidr: "192.168.0.0/19", zone: "us-west-2a", public: true, tags };
  const theSubnet = await make(subnet, wanting("subnet/public/us-west-2a", spec, theVpc), ctx);
  return { ...theVpc, gateway: gateway.attrs, subnet: theSubnet.attrs };
}

async function makeGroup(ctx: AwsContext, label: string) {
  const want = wanting(`security-group/${label}`, { description: label, tags }, await makeVpc(ctx));
  return (await make(securityGroup, want, ctx)).attrs;
}

const vpcRow = row({
  kind: vpc,
  id: "vpc",
  spec: { cidr: "192.168.0.0/16", tags },
  ground: async () => ({}),
  again: "another",
  changes: {
    cidr: [{ by: /keeps its primary CIDR block, 192\.168\.0\.0\/16/, spec: { cidr: "10.0.0.0/16" } }],
    ipv6: [
      { by: "ipv6", spec: { ipv6: "amazon" } },
      { by: /keeps its IPv6 block/, spec: { ipv6: false } },
      { by: /keeps its IPv6 block/, spec: { ipv6: { pool: "ipv6pool-ec2-0", cidr: "2001:db8:9:100::/56" } } },
    ],
    dnsHostnames: [
      { by: "dns", drift: (live, ctx) => setDns(live.ref, { EnableDnsHostnames: { Value: false } }, ctx) },
    ],
    dnsSupport: [{ by: "dns", drift: (live, ctx) => setDns(live.ref, { EnableDnsSupport: { Value: false } }, ctx) }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

type DnsAttribute =
  | { readonly EnableDnsHostnames: { readonly Value: boolean } }
  | { readonly EnableDnsSupport: { readonly Value: boolean } };

async function setDns(VpcId: string, attribute: DnsAttribute, { clients }: AwsContext): Promise<void> {
  await clients.ec2.send(new ModifyVpcAttributeCommand({ VpcId, ...attribute }));
}

const internetGatewayRow = row({
  kind: internetGateway,
  id: "internet-gateway",
  spec: { tags },
  ground: makeVpc,
  again: "another",
  changes: {
    attachment: [{ by: /it is attached to vpc-/, deps: { vpc: { id: "vpc-another" } } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const egressOnlyInternetGatewayRow = row({
  kind: egressOnlyInternetGateway,
  id: "egress-only-internet-gateway",
  spec: { tags },
  ground: makeVpc,
  again: "same",
  changes: {
    vpc: [{ by: /cannot leave its VPC, vpc-/, deps: { vpc: { id: "vpc-another" } } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const subnetRow = row({
  kind: subnet,
  id: "subnet/public/us-west-2a",
  spec: { cidr: "192.168.0.0/19", zone: "us-west-2a", public: true, hostnameType: "ip-name", tags },
  ground: async (ctx) => {
    const { attrs } = await make(vpc, wanting("vpc", { cidr: "192.168.0.0/16", ipv6: "amazon", tags }, {}), ctx);
    return { vpc: attrs };
  },
  again: "refused",
  changes: {
    vpc: [{ by: /cannot leave its VPC, vpc-/, deps: { vpc: { id: "vpc-another", ipv6Cidr: null } } }],
    cidr: [{ by: /keeps its CIDR block, 192\.168\.0\.0\/19/, spec: { cidr: "192.168.32.0/19" } }],
    zone: [{ by: /cannot leave its zone, us-west-2a/, spec: { zone: "us-west-2b" } }],
    outpost: [
      {
        by: /stays on its Outpost, or in the region/,
        spec: { outpostArn: "arn:aws:outposts:us-west-2:111122223333:outpost/op-0123456789abcdef0" },
      },
    ],
    publicAddresses: [
      { by: "publicAddresses", spec: { public: false } },
      { by: "publicAddresses", spec: { public: true } },
    ],
    ipv6Cidr: [
      { by: "ipv6", spec: { ipv6: { block: 0, assign: false } } },
      { by: /keeps its IPv6 block, .*::\/64/, spec: { ipv6: { block: 1, assign: false } } },
    ],
    ipv6Addresses: [{ by: "ipv6Addresses", spec: { ipv6: { block: 0, assign: true } } }],
    hostnameType: [{ by: "hostnameType", spec: { hostnameType: "resource-name" } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const elasticIpRow = row({
  kind: elasticIp,
  id: "elastic-ip/us-west-2a",
  spec: { tags },
  ground: async () => ({}),
  again: "another",
  changes: { tags: [{ by: "tags", spec: otherTags }] },
  others: { tags: tagged },
});

const natGatewayRow = row({
  kind: natGateway,
  id: "nat-gateway/us-west-2a",
  spec: { tags },
  ground: async (ctx) => {
    const network = await makeNetwork(ctx);
    const { attrs } = await make(elasticIp, wanting("elastic-ip/us-west-2a", { tags }, {}), ctx);
    return { subnet: network.subnet, address: attrs };
  },
  again: "same",
  changes: {
    subnet: [{ by: /cannot leave its subnet, subnet-/, deps: { subnet: { id: "subnet-another" } } }],
    address: [{ by: /keeps its address, eipalloc-/, deps: { address: { allocationId: "eipalloc-another" } } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const routeTableRow = row({
  kind: routeTable,
  id: "route-table/public",
  spec: { tags },
  ground: async (ctx) => {
    const network = await makeNetwork(ctx);
    return { vpc: network.vpc, subnets: [network.subnet], ipv4: [network.gateway], ipv6: [] };
  },
  again: "same",
  changes: {
    vpc: [{ by: /cannot leave its VPC, vpc-/, deps: { vpc: { id: "vpc-another" } } }],
    associations: [
      {
        by: "associations",
        drift: async ({ attrs }, { clients }) => {
          const [AssociationId] = Object.values(attrs.associations);
          await clients.ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
        },
      },
    ],
    routes: [{ by: "route", deps: { ipv4: [] } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: {
    async routes({ ref, attrs }, { clients }) {
      const GatewayId = attrs.routes["0.0.0.0/0"];
      const route = { RouteTableId: ref, DestinationCidrBlock: "10.9.0.0/16", GatewayId };
      await clients.ec2.send(new CreateRouteCommand(route));
      return `10.9.0.0/16 to ${GatewayId}`;
    },
    async associations({ ref, attrs }, { clients }) {
      const request = { VpcId: attrs.vpcId, CidrBlock: "192.168.64.0/19", AvailabilityZone: "us-west-2b" };
      const { Subnet } = await clients.ec2.send(new CreateSubnetCommand(request));
      const SubnetId = Subnet?.SubnetId ?? "";
      await clients.ec2.send(new AssociateRouteTableCommand({ RouteTableId: ref, SubnetId }));
      return SubnetId;
    },
    tags: tagged,
  },
});

const transitGatewayAttachmentRow = row({
  kind: transitGatewayAttachment,
  id: "transit-gateway-attachment",
  spec: { transitGatewayId, tags },
  ground: async (ctx) => {
    const network = await makeNetwork(ctx);
    return { vpc: network.vpc, subnets: [network.subnet] };
  },
  again: "refused",
  changes: {
    gateway: [{ by: "replace", spec: { transitGatewayId: "tgw-another" } }],
    vpc: [{ by: /cannot leave its VPC, vpc-/, deps: { vpc: { id: "vpc-another" } } }],
    subnets: [async (ctx) => ({ by: "subnets", deps: { subnets: [await anotherSubnet(ctx)] } })],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const endpointSpec = { serviceName: "com.amazonaws.us-west-2.ec2", type: "Interface", tags } as const;

async function anotherSubnet(ctx: AwsContext) {
  const [theVpc] = await vpc.list(ctx);
  const spec = { cidr: "192.168.64.0/19", zone: "us-west-2b", public: false, tags };
  const deps = { vpc: theVpc?.attrs ?? { id: "", ipv6Cidr: null } };
  return (await make(subnet, wanting("subnet/private/us-west-2b", spec, deps), ctx)).attrs;
}

const vpnGatewayAttachmentRow = row({
  kind: vpnGatewayAttachment,
  id: "vpn-gateway-attachment",
  name: vpnGatewayId,
  spec: { vpnGatewayId },
  ground: makeVpc,
  again: "same",
  strangers: "shared",
  /** To our VPC, by hand. */
  async stranger(ctx) {
    const [VpcId = ""] = (await vpc.list(ctx)).map(({ ref }) => ref);
    await ctx.clients.ec2.send(new AttachVpnGatewayCommand({ VpnGatewayId: vpnGatewayId, VpcId }));
    return { ref: `${vpnGatewayId}/${VpcId}` };
  },
  changes: {
    gateway: [{ by: "replace", spec: { vpnGatewayId: "vgw-another" } }],
    vpc: [{ by: /is attached to vpc-/, deps: { vpc: { id: "vpc-another" } } }],
  },
  others: {},
});

const vpcEndpointRow = row({
  kind: vpcEndpoint,
  id: "vpc-endpoint/ec2",
  spec: endpointSpec,
  ground: async (ctx) => {
    const { vpc: theVpc, subnet: theSubnet } = await makeNetwork(ctx);
    const want = wanting("security-group/vpc-endpoints", { description: "endpoints", tags }, { vpc: theVpc });
    const group = await make(securityGroup, want, ctx);
    return { vpc: theVpc, subnets: [theSubnet], securityGroups: [group.attrs], routeTables: [] };
  },
  again: "same",
  changes: {
    service: [{ by: /keeps its service, com\.amazonaws/, spec: { serviceName: "com.amazonaws.us-west-2.sts" } }],
    vpc: [{ by: /cannot leave its VPC, vpc-/, deps: { vpc: { id: "vpc-another" } } }],
    placement: [async (ctx) => ({ by: "placement", deps: { subnets: [await anotherSubnet(ctx)] } })],
    securityGroups: [
      async (ctx) => {
        const [theVpc] = await vpc.list(ctx);
        const want = wanting(
          "security-group/more",
          { description: "more", tags },
          { vpc: theVpc?.attrs ?? { id: "" } },
        );
        return { by: "placement", deps: { securityGroups: [(await make(securityGroup, want, ctx)).attrs] } };
      },
    ],
    privateDns: [
      {
        by: "privateDns",
        drift: async ({ ref }, { clients }) =>
          clients.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: ref, PrivateDnsEnabled: false })),
      },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const securityGroupRow = row({
  kind: securityGroup,
  id: "security-group/shared-node",
  spec: { description: "All nodes", tags },
  ground: makeVpc,
  again: "refused",
  changes: {
    vpc: [{ by: /cannot leave its VPC, vpc-/, deps: { vpc: { id: "vpc-another" } } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const securityGroupRuleRow = row({
  kind: securityGroupRule,
  id: "security-group-rule/shared-node",
  spec: {
    direction: "ingress",
    protocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: "10.0.0.0/8",
    description: "API",
    tags,
  },
  ground: async (ctx) => ({ group: await makeGroup(ctx, "one"), source: [] }),
  again: "refused",
  changes: {
    group: [
      { by: "replace", deps: { group: { id: "sg-another" } } },
      { by: "replace", spec: { direction: "egress" } },
    ],
    traffic: [{ by: "rule", spec: { fromPort: 8443, toPort: 8444 } }],
    peer: [{ by: "rule", spec: { cidrIpv4: "10.1.0.0/16" } }],
    description: [{ by: "rule", spec: { description: "API, and more" } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const bootCluster = {
  name: "demo",
  endpoint: "https://demo.example.com",
  certificateAuthority: "Q0E=",
  apiId: "demo",
  serviceCidr: "10.100.0.0/16",
};

const launchTemplateRow = row({
  kind: launchTemplate,
  id: "launch-template/workers",
  spec: {
    instanceType: "m5.large",
    volumes: [{ device: "/dev/xvda", size: 80, type: "gp3", iops: 3000, throughput: 125, encrypted: true }],
    securityGroupIds: [],
    imds: { tokens: "required", hopLimit: 2 },
    ebsOptimized: true,
    detailedMonitoring: true,
    keyName: "ops",
    placementGroup: "near",
    capacityReservation: { preference: "none" },
    capacityBlock: false,
    imageId: "ami-0123456789abcdef0",
    instanceProfile: "workers",
    userData: "join {{cluster.endpoint}}",
    cpuCredits: "standard",
    enclave: false,
    launchTags: { Name: "demo-workers-Node" },
    tags,
  },
  ground: async () => ({ securityGroups: [], keyPair: [], cluster: [bootCluster], placementGroup: [] }),
  again: "same",
  changes: {
    image: [{ by: "version", spec: { imageId: "ami-0123456789abcdef1" } }],
    instanceProfile: [{ by: "version", spec: { instanceProfile: "others" } }],
    userData: [
      { by: "version", spec: { userData: "join {{cluster.endpoint}} on {{cluster.dns}}" } },
      { by: "version", deps: { cluster: [{ ...bootCluster, serviceCidr: "172.20.0.0/16" }] } },
    ],
    lastingUserData: [{ by: "version", spec: { lastingUserData: "join {{cluster.endpoint}}" } }],
    userDataOfComingNodes: [{ by: "comingNodes", spec: { userData: "join {{cluster.endpoint}} as web" } }],
    cpuCredits: [{ by: "version", spec: { cpuCredits: "unlimited" } }],
    enclave: [{ by: "version", spec: { enclave: true } }],
    instanceType: [{ by: "version", spec: { instanceType: "m6i.large" } }],
    volumes: [
      { by: "version", spec: { volumes: [{ device: "/dev/xvda", size: 100 }] } },
      {
        by: "version",
        spec: {
          volumes: [
            { device: "/dev/xvda", size: 100 },
            { device: "/dev/sdf", size: 10, type: "gp3", snapshotId: "snap-0123456789abcdef0" },
          ],
        },
      },
      { by: "version", spec: { volumes: [{ device: "/dev/xvda", size: 100 }], noOtherVolumes: true } },
    ],
    keyName: [
      { by: "version", spec: { keyName: "others" } },
      { by: "version", deps: { keyPair: [{ name: "imported" }] } },
    ],
    securityGroups: [
      { by: "version", spec: { securityGroupIds: ["sg-0123456789abcdef0"] } },
      { by: "version", deps: { securityGroups: [{ id: "sg-0123456789abcdef1" }] } },
    ],
    imds: [{ by: "version", spec: { imds: { tokens: "optional", hopLimit: 1 } } }],
    ebsOptimized: [{ by: "version", spec: { ebsOptimized: false } }],
    detailedMonitoring: [{ by: "version", spec: { detailedMonitoring: false } }],
    placementGroup: [
      { by: "version", spec: { placementGroup: "far" } },
      { by: "version", deps: { placementGroup: [{ name: "ours" }] } },
    ],
    efaInterfaces: [
      { by: "version", spec: { efaInterfaces: 4 } },
      { by: "version", spec: { efaInterfaces: 1 } },
    ],
    capacityReservation: [
      { by: "version", spec: { capacityReservation: { preference: "open" } } },
      { by: "version", spec: { capacityReservation: { id: "cr-0123456789abcdef0" } } },
    ],
    capacityBlock: [{ by: "version", spec: { capacityBlock: true } }],
    connectionTracking: [{ by: "version", spec: { connectionTracking: { udpTimeout: 60, udpStreamTimeout: 120 } } }],
    defaultVersion: [
      {
        by: "defaultVersion",
        drift: ({ ref }, { clients }) =>
          clients.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: ref, DefaultVersion: "1" })),
      },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const publicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;

const keyPairRow = row({
  kind: keyPair,
  id: "key-pair/workers",
  spec: { publicKey: `${publicKey} jo@example.com`, tags },
  ground: async () => ({}),
  again: "refused",
  changes: {
    publicKey: [{ by: "replace", spec: { publicKey: publicKey.replace(/A{5}$/, "BBBBB") } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const placementGroupRow = row({
  kind: placementGroup,
  id: "placement-group/workers",
  name: "ekstool-demo-workers",
  spec: { strategy: "cluster", tags },
  ground: async () => ({}),
  again: "refused",
  changes: {
    strategy: [{ by: "replace", spec: { strategy: "spread" as never } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

export const ec2Rows = [
  placementGroupRow,
  keyPairRow,
  vpcRow,
  internetGatewayRow,
  egressOnlyInternetGatewayRow,
  subnetRow,
  elasticIpRow,
  natGatewayRow,
  routeTableRow,
  transitGatewayAttachmentRow,
  vpnGatewayAttachmentRow,
  vpcEndpointRow,
  securityGroupRow,
  securityGroupRuleRow,
  launchTemplateRow,
];
