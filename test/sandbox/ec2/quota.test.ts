import {
  AllocateAddressCommand,
  CreateInternetGatewayCommand,
  CreateLaunchTemplateCommand,
  CreateNatGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { defaultQuotas } from "../../../src/sandbox/quotas.ts";
import { account, type Ec2Account, makeSubnet, makeVpc, present, refused } from "./account.ts";

test("the defaults are AWS's", () => {
  expect(defaultQuotas).toMatchObject({
    vpcs: 5,
    internetGateways: 5,
    vpnGateways: 5,
    addresses: 5,
    natGateways: 5,
    subnets: 200,
    routeTables: 200,
    securityGroups: 2500,
    securityGroupRules: 60,
    launchTemplates: 5000,
  });
});

const allocate = ({ ec2 }: Ec2Account) => ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));

describe("what a region may hold is limited", () => {
  test.each<[string, string, (here: Ec2Account) => Promise<unknown>]>([
    ["AddressLimitExceeded", "The maximum number of addresses has been reached.", allocate],
    ["VpcLimitExceeded", "The maximum number of VPCs has been reached.", (here) => makeVpc(here)],
    [
      "InternetGatewayLimitExceeded",
      "The maximum number of internet gateways has been reached.",
      ({ ec2 }) => ec2.send(new CreateInternetGatewayCommand({})),
    ],
  ])("%s", async (code, message, make) => {
    const here = await account();
    for (let count = 0; count < 5; count++) await make(here);
    await refused(make(here), code, new RegExp(message));
    here.sandbox.scenario({ quotas: { addresses: 6, vpcs: 6, internetGateways: 6 } });
    await make(here);
    await refused(make(here), code);
  });

  test("NAT gateways are counted in each zone, those that are gone not", async () => {
    const here = await account();
    here.sandbox.scenario({ quotas: { natGateways: 1 } });
    const VpcId = await makeVpc(here);
    const SubnetId = await makeSubnet(here, VpcId);
    const nat = async (subnet: string) => {
      const AllocationId = present((await allocate(here)).AllocationId);
      return here.ec2.send(new CreateNatGatewayCommand({ SubnetId: subnet, AllocationId }));
    };
    await nat(SubnetId);
    await refused(nat(SubnetId), "NatGatewayLimitExceeded", /maximum number of NAT Gateways/);
    const zoneB = { VpcId, CidrBlock: "10.0.200.0/24", AvailabilityZone: "us-west-2b" };
    const { Subnet } = await here.ec2.send(new CreateSubnetCommand(zoneB));
    await nat(present(Subnet?.SubnetId));
  });

  test("groups and launch templates too", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    here.sandbox.scenario({ quotas: { securityGroups: 1, launchTemplates: 0 } });
    const group = new CreateSecurityGroupCommand({ GroupName: "g", Description: "g", VpcId });
    await refused(here.ec2.send(group), "SecurityGroupLimitExceeded");
    const template = { LaunchTemplateName: "template", LaunchTemplateData: { InstanceType: "m5.large" } } as const;
    await refused(here.ec2.send(new CreateLaunchTemplateCommand(template)), "LaunchTemplateLimitExceeded");
  });
});
