import { CreateNatGatewayCommand, CreateSubnetCommand } from "@aws-sdk/client-ec2";
import { CreateClusterCommand, type CreateClusterRequest, EKSClient } from "@aws-sdk/client-eks";
import { GetOutpostCommand, GetOutpostInstanceTypesCommand, OutpostsClient } from "@aws-sdk/client-outposts";
import { expect, onTestFinished, test } from "vitest";
import { sandboxCredentials } from "../../../src/sandbox/index.ts";
import { runInstances } from "../../../src/sandbox/services/ec2/internal.ts";
import { account, type Ec2Account, makeAddress, makeGateway, makeVpc, refused, region } from "../ec2/account.ts";

const OutpostArn = "arn:aws:outposts:us-west-2:111122223333:outpost/op-0123456789abcdef0";

async function withOutpost() {
  const here = await account();
  const role = { arn: "arn:aws:iam::111122223333:role/local", trustServices: ["ec2.amazonaws.com"] };
  here.sandbox.residents({ outposts: [{ region, arn: OutpostArn }], roles: [role] });
  const config = { region, endpoint: here.sandbox.endpoint, credentials: sandboxCredentials, maxAttempts: 1 };
  const clients = { outposts: new OutpostsClient(config), eks: new EKSClient(config) };
  onTestFinished(() => Object.values(clients).forEach((client) => client.destroy()));
  return { ...here, ...clients };
}

async function subnetOn({ ec2 }: Ec2Account, VpcId: string, CidrBlock: string, more = {}): Promise<string> {
  const request = { VpcId, CidrBlock, AvailabilityZone: "us-west-2a", OutpostArn, ...more };
  return (await ec2.send(new CreateSubnetCommand(request))).Subnet?.SubnetId ?? "";
}

test("an Outpost has a zone and the types that it was ordered with", async () => {
  const { outposts } = await withOutpost();
  const { Outpost } = await outposts.send(new GetOutpostCommand({ OutpostId: OutpostArn }));
  expect(Outpost).toMatchObject({ OutpostId: "op-0123456789abcdef0", AvailabilityZone: "us-west-2a" });
  const { InstanceTypes } = await outposts.send(new GetOutpostInstanceTypesCommand({ OutpostId: OutpostArn }));
  expect(InstanceTypes).toContainEqual({ InstanceType: "m5d.large" });
  await refused(outposts.send(new GetOutpostCommand({ OutpostId: "op-00000000000000000" })), "NotFoundException");
});

test("subnets on it are in its zone, with its types, gp2, and no NAT gateway", async () => {
  const here = await withOutpost();
  const VpcId = await makeVpc(here);
  await refused(subnetOn(here, VpcId, "10.0.1.0/24", { AvailabilityZone: "us-west-2b" }), "InvalidParameterValue");
  const SubnetId = await subnetOn(here, VpcId, "10.0.0.0/24");
  const wanted = { count: 1, subnetIds: [SubnetId], groupIds: [], instanceType: "m5d.large", volumeTypes: ["gp2"] };
  const { world } = here.sandbox;
  expect(runInstances(world, region, wanted)).toHaveLength(1);
  expect(() => runInstances(world, region, { ...wanted, instanceType: "m5.large" })).toThrow(/not supported on the/);
  expect(() => runInstances(world, region, { ...wanted, volumeTypes: ["gp3"] })).toThrow(/gp3 volumes are not/);
  await makeGateway(here, VpcId);
  const request = { SubnetId, AllocationId: await makeAddress(here) };
  await refused(here.ec2.send(new CreateNatGatewayCommand(request)), "UnsupportedOperation");
});

test("a local cluster is on its Outpost alone, private, and of one of two generations", async () => {
  const here = await withOutpost();
  const VpcId = await makeVpc(here);
  const subnetIds = [await subnetOn(here, VpcId, "10.0.0.0/24")];
  const create = (more: Partial<CreateClusterRequest> = {}, etcdInstanceType?: string) =>
    here.eks.send(
      new CreateClusterCommand({
        name: "local",
        roleArn: "arn:aws:iam::111122223333:role/local",
        resourcesVpcConfig: { subnetIds, endpointPublicAccess: false, endpointPrivateAccess: true },
        outpostConfig: { outpostArns: [OutpostArn], controlPlaneInstanceType: "m5d.large", etcdInstanceType },
        ...more,
      }),
    );
  const is = (answer: Promise<unknown>, words: RegExp) => refused(answer, "InvalidParameterException", words);
  await is(create({ resourcesVpcConfig: { subnetIds } }), /private endpoint access only/);
  await is(create({ accessConfig: { authenticationMode: "API" } }), /does not fit/);
  await is(create({}, "m5d.large"), /does not fit/);
  await is(create({ accessConfig: { authenticationMode: "API" } }, "m9.large"), /m9.large is not available/);
  await is(create({ encryptionConfig: [{ resources: ["secrets"] }] }), /encryptionConfig is not supported/);
  const outside = await subnetOn(here, VpcId, "10.0.1.0/24", { OutpostArn: undefined });
  const wide = { subnetIds: [...subnetIds, outside], endpointPublicAccess: false, endpointPrivateAccess: true };
  await is(create({ resourcesVpcConfig: wide }), /is not on the Outpost/);
  const { cluster } = await create();
  expect(cluster).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{8}-/) as string,
    outpostConfig: { outpostArns: [OutpostArn] },
  });
});
