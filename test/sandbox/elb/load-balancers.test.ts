import {
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DescribeNetworkInterfacesCommand,
  DetachInternetGatewayCommand,
} from "@aws-sdk/client-ec2";
import {
  AddTagsCommand as AddClassicTags,
  CreateLoadBalancerCommand as CreateClassic,
  DeleteLoadBalancerCommand as DeleteClassic,
  DescribeLoadBalancersCommand as DescribeClassic,
  DescribeTagsCommand as DescribeClassicTags,
  RemoveTagsCommand as RemoveClassicTags,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ModifyLoadBalancerAttributesCommand,
  paginateDescribeTargetGroups,
  RemoveTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { makeSecurityGroup } from "../../../src/sandbox/services/ec2/internal.ts";
import { type Account, account, makeNetwork, makeSubnet, type Network, present, refused } from "../eks/account.ts";

interface Ground extends Account, Network {
  readonly group: string;
  readonly gateway: string;
}

async function ground(): Promise<Ground> {
  const here = await account();
  const network = await makeNetwork(here);
  const { world } = here.sandbox;
  const wanted = { name: "lb", description: "of load balancers", vpcId: network.vpcId, tags: {} };
  const [gateway = ""] = Object.keys(world.region("us-west-2").ec2.internetGateways);
  return { ...here, ...network, group: makeSecurityGroup(world, "us-west-2", wanted), gateway };
}

const listener = { Protocol: "TCP", LoadBalancerPort: 80, InstancePort: 31_080 };

async function interfacesOf({ ec2 }: Ground, description: RegExp) {
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
  return NetworkInterfaces.filter(({ Description = "" }) => description.test(Description));
}

describe("classic load balancers", () => {
  const name = { LoadBalancerName: "web" };
  const create = (here: Ground) =>
    here.elb.send(
      new CreateClassic({
        ...name,
        Listeners: [listener],
        Subnets: here.subnetIds,
        SecurityGroups: [here.group],
        Tags: [{ Key: "a", Value: "1" }],
      }),
    );

  it("are made, described and tagged by the API of 2012", async () => {
    const here = await ground();
    await create(here);
    await refused(create(here), "DuplicateAccessPointNameException", "same name");
    const { LoadBalancerDescriptions: found } = await here.elb.send(new DescribeClassic({}));
    expect(found).toEqual([
      expect.objectContaining({ ...name, VPCId: here.vpcId, SecurityGroups: [here.group], Scheme: "internet-facing" }),
    ]);
    const names = { LoadBalancerNames: ["web"] };
    await here.elb.send(new AddClassicTags({ ...names, Tags: [{ Key: "b", Value: "2" }] }));
    await here.elb.send(new RemoveClassicTags({ ...names, Tags: [{ Key: "a" }] }));
    const { TagDescriptions } = await here.elb.send(new DescribeClassicTags(names));
    expect(TagDescriptions).toEqual([{ ...name, Tags: [{ Key: "b", Value: "2" }] }]);
    expect((await here.elbv2.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
  });

  it("are gone at once, and hold their network for minutes", async () => {
    const here = await ground();
    await create(here);
    await here.pass(5);
    await here.elb.send(new DeleteClassic(name));
    await here.elb.send(new DeleteClassic(name));
    const asked = here.elb.send(new DescribeClassic({ LoadBalancerNames: ["web"] }));
    await refused(asked, "AccessPointNotFoundException", "no ACTIVE Load Balancer named 'web'");
    const [first] = await interfacesOf(here, /^ELB web$/);
    expect(first).toMatchObject({ RequesterManaged: true, Status: "in-use", Groups: [{ GroupId: here.group }] });
    const [SubnetId] = here.subnetIds;
    const dropGroup = () => here.ec2.send(new DeleteSecurityGroupCommand({ GroupId: here.group }));
    await refused(dropGroup(), "DependencyViolation", "dependent object");
    await refused(here.ec2.send(new DeleteSubnetCommand({ SubnetId })), "DependencyViolation", "dependencies");
    const gateway = { InternetGatewayId: here.gateway, VpcId: here.vpcId };
    const detach = here.ec2.send(new DetachInternetGatewayCommand(gateway));
    await refused(detach, "DependencyViolation", "mapped public address");
    await here.pass(durations.loadBalancerRelease);
    expect(await interfacesOf(here, /^ELB/)).toEqual([]);
    await dropGroup();
  });

  it("are refused where AWS refuses them", async () => {
    const here = await ground();
    const request = { ...name, Listeners: [listener], Subnets: here.subnetIds };
    const made = (changes: object) => here.elb.send(new CreateClassic({ ...request, ...changes }));
    await refused(made({ LoadBalancerName: "no_underscores" }), "ValidationError", "letters, digits and hyphens");
    await refused(made({ Subnets: ["subnet-0123"] }), "SubnetNotFoundException", "does not exist");
    await refused(made({ SecurityGroups: ["sg-0123"] }), "InvalidSecurityGroupException", "sg-0123");
    const inside = await makeSubnet(here, here.vpcId, "192.168.9.0/24", "us-west-2a");
    await refused(made({ Subnets: [inside] }), "InvalidSubnetException", "no internet gateway");
  });
});

describe("network and application load balancers", () => {
  const create = async (here: Ground, changes: object = {}) => {
    const request = { Name: "api", Type: "network" as const, Subnets: here.subnetIds, ...changes };
    const { LoadBalancers } = await here.elbv2.send(new CreateLoadBalancerCommand(request));
    return present(LoadBalancers?.[0]?.LoadBalancerArn);
  };

  it("come up after a while, and forward to a target group", async () => {
    const here = await ground();
    const arn = await create(here, { SecurityGroups: [here.group], Tags: [{ Key: "a", Value: "1" }] });
    const state = async () =>
      (await here.elbv2.send(new DescribeLoadBalancersCommand({ Names: ["api"] }))).LoadBalancers?.[0]?.State?.Code;
    expect(await state()).toBe("provisioning");
    await here.pass(durations.loadBalancerCreate);
    expect(await state()).toBe("active");
    expect(arn).toMatch(/^arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer\/net\/api\/[0-9a-f]{16}$/);
    expect(await interfacesOf(here, /^ELB net\/api\//)).toHaveLength(here.subnetIds.length);

    const group = { Name: "api", Protocol: "TCP" as const, Port: 80, VpcId: here.vpcId, TargetType: "ip" as const };
    const { TargetGroups } = await here.elbv2.send(new CreateTargetGroupCommand(group));
    const TargetGroupArn = present(TargetGroups?.[0]?.TargetGroupArn);
    const forward = { Type: "forward" as const, TargetGroupArn };
    const request = { LoadBalancerArn: arn, Protocol: "TCP" as const, Port: 80, DefaultActions: [forward] };
    const { Listeners } = await here.elbv2.send(new CreateListenerCommand(request));
    await refused(here.elbv2.send(new CreateListenerCommand(request)), "DuplicateListenerException", "already exists");
    const drop = () => here.elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    await expect(drop()).rejects.toThrow("is currently in use by a listener");
    const found = await here.elbv2.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: arn }));
    expect(found.TargetGroups).toEqual([expect.objectContaining({ TargetGroupArn, LoadBalancerArns: [arn] })]);
    const [made] = present(Listeners);
    await here.elbv2.send(new DeleteListenerCommand({ ListenerArn: made?.ListenerArn }));
    expect((await here.elbv2.send(new DescribeListenersCommand({ LoadBalancerArn: arn }))).Listeners).toEqual([]);
    await drop();
    await drop();

    const tags = { ResourceArns: [arn] };
    await here.elbv2.send(new AddTagsCommand({ ...tags, Tags: [{ Key: "b", Value: "2" }] }));
    await here.elbv2.send(new RemoveTagsCommand({ ...tags, TagKeys: ["a"] }));
    const { TagDescriptions } = await here.elbv2.send(new DescribeTagsCommand(tags));
    expect(TagDescriptions).toEqual([{ ResourceArn: arn, Tags: [{ Key: "b", Value: "2" }] }]);
  });

  it("stay while their deletion protection is on", async () => {
    const here = await ground();
    const LoadBalancerArn = await create(here);
    await here.pass(5);
    const protect = (Value: string) =>
      here.elbv2.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: "deletion_protection.enabled", Value }],
        }),
      );
    const remove = () => here.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    await protect("true");
    const { Attributes } = await here.elbv2.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
    expect(Attributes).toContainEqual({ Key: "deletion_protection.enabled", Value: "true" });
    await refused(remove(), "OperationNotPermittedException", "deletion protection is enabled");
    await protect("false");
    await remove();
    await remove();
    const asked = here.elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }));
    await refused(asked, "LoadBalancerNotFoundException", "not found");
    expect(await interfacesOf(here, /^ELB net/)).not.toEqual([]);
    await here.pass(durations.loadBalancerRelease);
    expect(await interfacesOf(here, /^ELB net/)).toEqual([]);
  });

  it("are listed in pages", async () => {
    const here = await ground();
    for (let index = 0; index < 25; index++) {
      const group = { Name: `g-${index}`, Protocol: "TCP" as const, Port: 80, VpcId: here.vpcId };
      await here.elbv2.send(new CreateTargetGroupCommand(group));
    }
    const names: unknown[] = [];
    for await (const page of paginateDescribeTargetGroups({ client: here.elbv2 }, {})) {
      expect(page.TargetGroups?.length).toBeLessThan(25);
      names.push(...(page.TargetGroups ?? []));
    }
    expect(names).toHaveLength(25);
  });

  it("are refused where AWS refuses them", async () => {
    const here = await ground();
    await create(here);
    await refused(create(here), "DuplicateLoadBalancerNameException", "same name");
    const [one = ""] = here.subnetIds;
    const single = create(here, { Name: "web", Type: "application", Subnets: [one] });
    await refused(single, "InvalidConfigurationRequestException", "At least two subnets");
    const absent = here.elbv2.send(new DescribeTagsCommand({ ResourceArns: ["arn:none"] }));
    await refused(absent, "LoadBalancerNotFoundException", "not found");
    await expect(create(here, { Name: "gw", Type: "gateway" })).rejects.toThrow("not simulated by the sandbox");
  });
});
