import {
  CreateEgressOnlyInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand } from "@aws-sdk/client-eks";
import { expect, test } from "vitest";
import { clientsOf, refusal } from "../clients.ts";
import { account, makeSubnet, makeVpc } from "./account.ts";

test("is refused by name wherever it can be asked for", async () => {
  const here = await account();
  const { ec2 } = here;
  const { eks } = clientsOf(here.sandbox);
  const VpcId = await makeVpc(here);
  const SubnetId = await makeSubnet(here, VpcId);
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable?.RouteTableId;
  const cases: [() => Promise<unknown>, RegExp][] = [
    [
      () => ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16", AmazonProvidedIpv6CidrBlock: true })),
      /Ipv6CidrBlock/,
    ],
    [
      () => ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.9.0/24", Ipv6CidrBlock: "2001:db8::/64" })),
      /Ipv6/,
    ],
    [
      () => ec2.send(new ModifySubnetAttributeCommand({ SubnetId, AssignIpv6AddressOnCreation: { Value: true } })),
      /AssignIpv6AddressOnCreation/,
    ],
    [() => ec2.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId })), /CreateEgressOnlyInternetGateway/],
    [
      () => ec2.send(new CreateRouteCommand({ RouteTableId, DestinationIpv6CidrBlock: "::/0", GatewayId: "igw-0" })),
      /An IPv6 route/,
    ],
    [
      () =>
        eks.send(
          new CreateClusterCommand({
            name: "c",
            roleArn: "arn:aws:iam::111122223333:role/r",
            resourcesVpcConfig: { subnetIds: [SubnetId] },
            kubernetesNetworkConfig: { ipFamily: "ipv6" },
          }),
        ),
      /IPv6 clusters/,
    ],
  ];
  for (const [call, message] of cases) {
    const { name, message: said } = await refusal(call());
    expect([name, said]).toEqual(["NotSimulated", expect.stringMatching(message)]);
  }
});
