import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateAddonCommand,
  type CreateAddonRequest,
  CreateClusterCommand,
  type CreateClusterRequest,
  CreateNodegroupCommand,
  type CreateNodegroupRequest,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  type Update,
} from "@aws-sdk/client-eks";
import { AttachRolePolicyCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { afterEach, expect } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { clientsOf, refusal } from "../clients.ts";
import { trustOf } from "../policies.ts";

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

export interface Account extends ReturnType<typeof clientsOf> {
  readonly sandbox: Sandbox;
  readonly region: string;
  /** Lets virtual time pass. */
  readonly pass: (seconds: number) => Promise<void>;
}

/** A fresh account with nothing in it. */
export async function account(region = "us-west-2", options: SandboxOptions = {}): Promise<Account> {
  const sandbox = await startTestSandbox(options);
  open.push(sandbox);
  return { sandbox, region, ...clientsOf(sandbox, { region }), pass: (seconds) => sandbox.clock.sleep(seconds * 1000) };
}

/** Asserts that something is there. */
export function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error("expected a value");
  return value;
}

/** Expects AWS's error code, its HTTP status, and words of its message. */
export async function refused(call: Promise<unknown>, name: string, message: string | RegExp): Promise<void> {
  const error = await refusal(call);
  expect(error.name, error.message).toBe(name);
  expect(error.message).toMatch(message);
  const status = name === "ResourceInUseException" ? 409 : name === "ResourceNotFoundException" ? 404 : 400;
  expect(error.status).toBe(status);
}

const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"];

/** A role that services may assume. Returns its ARN. */
export async function makeRole(
  { iam }: Account,
  RoleName: string,
  service: string,
  policies: readonly string[] = [],
  Path = "/",
): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trustOf(`${service}.amazonaws.com`) }),
  );
  const arn = present(Role?.Arn);
  const partition = arn.split(":")[1];
  for (const policy of policies) {
    const PolicyArn = `arn:${partition}:iam::aws:policy/${policy}`;
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  return arn;
}

export function makeNodeRole(here: Account, name = "node", path = "/"): Promise<string> {
  return makeRole(here, name, "ec2", nodePolicies, path);
}

export async function makeVpc({ ec2 }: Account, CidrBlock = "192.168.0.0/16"): Promise<string> {
  return present((await ec2.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId);
}

export async function makeSubnet({ ec2 }: Account, VpcId: string, CidrBlock: string, zone: string): Promise<string> {
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: zone }));
  return present(Subnet?.SubnetId);
}

export interface Network {
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly routeTableId: string;
}

/** A VPC with public subnets in two zones. */
export async function makeNetwork(here: Account, zones = ["a", "b"]): Promise<Network> {
  const { ec2, region } = here;
  const vpcId = await makeVpc(here);
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = present(InternetGateway?.InternetGatewayId);
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpcId }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }));
  const routeTableId = present(RouteTable?.RouteTableId);
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: routeTableId,
      DestinationCidrBlock: "0.0.0.0/0",
      GatewayId: InternetGatewayId,
    }),
  );
  const subnetIds: string[] = [];
  for (const [index, zone] of zones.entries()) {
    const SubnetId = await makeSubnet(here, vpcId, `192.168.${index}.0/24`, `${region}${zone}`);
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId: routeTableId, SubnetId }));
    subnetIds.push(SubnetId);
  }
  return { vpcId, subnetIds, routeTableId };
}

/** An account with what a cluster and its nodes need, known everywhere; its cluster `c` is yet to be made. */
export interface Ground extends Account, Network {
  readonly clusterRole: string;
  readonly nodeRole: string;
}

export async function ground(region?: string): Promise<Ground> {
  const here = await account(region);
  const network = await makeNetwork(here);
  const clusterRole = await makeRole(here, "cluster", "eks", ["AmazonEKSClusterPolicy"]);
  const nodeRole = await makeNodeRole(here);
  await here.pass(60);
  return { ...here, ...network, clusterRole, nodeRole };
}

export function clusterRequest(here: Ground, changes: Partial<CreateClusterRequest> = {}): CreateClusterRequest {
  return {
    name: "c",
    roleArn: here.clusterRole,
    resourcesVpcConfig: { subnetIds: here.subnetIds },
    accessConfig: { authenticationMode: "API" },
    bootstrapSelfManagedAddons: false,
    ...changes,
  };
}

/** The cluster `c`, when it is up. */
export async function cluster(changes: Partial<CreateClusterRequest> = {}, region?: string): Promise<Ground> {
  const here = await ground(region);
  await here.eks.send(new CreateClusterCommand(clusterRequest(here, changes)));
  await here.pass(durations.clusterCreate);
  return here;
}

export async function describeCluster({ eks }: Account, name = "c") {
  return present((await eks.send(new DescribeClusterCommand({ name }))).cluster);
}

export function createAddon({ eks }: Account, addonName: string, changes: Partial<CreateAddonRequest> = {}) {
  return eks.send(new CreateAddonCommand({ clusterName: "c", addonName, ...changes }));
}

export async function describeAddon({ eks }: Account, addonName: string) {
  return present((await eks.send(new DescribeAddonCommand({ clusterName: "c", addonName }))).addon);
}

export function createNodegroup(here: Ground, changes: Partial<CreateNodegroupRequest> = {}) {
  return here.eks.send(
    new CreateNodegroupCommand({
      clusterName: "c",
      nodegroupName: "ng",
      nodeRole: here.nodeRole,
      subnets: here.subnetIds,
      ...changes,
    }),
  );
}

export async function describeNodegroup({ eks }: Account, nodegroupName = "ng") {
  return present((await eks.send(new DescribeNodegroupCommand({ clusterName: "c", nodegroupName }))).nodegroup);
}

/** A cluster with the add-ons that nodes need. */
export async function clusterForNodes(changes: Partial<CreateClusterRequest> = {}): Promise<Ground> {
  const here = await cluster(changes);
  for (const name of ["vpc-cni", "kube-proxy"]) await createAddon(here, name, { resolveConflicts: "OVERWRITE" });
  await here.pass(durations.addonCreate);
  return here;
}

/** A cluster with a nodegroup `ng` whose nodes are ready. */
export async function clusterWithNodes(
  nodegroup: Partial<CreateNodegroupRequest> = {},
  changes: Partial<CreateClusterRequest> = {},
): Promise<Ground> {
  const here = await clusterForNodes(changes);
  await createNodegroup(here, nodegroup);
  await here.pass(durations.nodegroupCreate);
  return here;
}

export async function describeUpdate(
  { eks }: Account,
  { id }: Update,
  target: { nodegroupName?: string; addonName?: string } = {},
): Promise<Update> {
  const answer = await eks.send(new DescribeUpdateCommand({ name: "c", updateId: id, ...target }));
  return present(answer.update);
}
