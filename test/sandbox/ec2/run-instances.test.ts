import { RunInstancesCommand, type RunInstancesRequest } from "@aws-sdk/client-ec2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { clientsOf } from "../clients.ts";
import { trustOf } from "../policies.ts";
import { account, makeSubnet, makeVpc, refused } from "./account.ts";

test("an instance profile is unknown to EC2 for some seconds, as one that is not there", async () => {
  const here = await account();
  const { iam } = clientsOf(here.sandbox);
  const SubnetId = await makeSubnet(here, await makeVpc(here));
  const run = (changes: Partial<RunInstancesRequest> = {}) =>
    here.ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-0123456789abcdef0",
        InstanceType: "m5.large",
        MinCount: 1,
        MaxCount: 1,
        SubnetId,
        IamInstanceProfile: { Name: "p" },
        ...changes,
      }),
    );
  const unknown = /Value \(p\) for parameter iamInstanceProfile\.name is invalid\. Invalid IAM Instance Profile name/;
  await refused(run(), "InvalidParameterValue", unknown);
  const InstanceProfileName = "p";
  const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
  await refused(run(), "InvalidParameterValue", unknown);
  await here.pass(durations.iamPropagation);
  await refused(run(), "InvalidParameterValue", /has no associated IAM Roles/);
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: trustOf("ec2.amazonaws.com") }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: "r" }));

  const { Instances } = await run({ IamInstanceProfile: { Arn: InstanceProfile?.Arn } });
  expect(Instances).toMatchObject([{ InstanceType: "m5.large", SubnetId, State: { Name: "running" } }]);
  const twice = { ClientToken: "once", MaxCount: 2 };
  const [first, second] = [await run(twice), await run(twice)];
  expect(second.Instances?.map((each) => each.InstanceId)).toEqual(first.Instances?.map((each) => each.InstanceId));
  expect(first.Instances).toHaveLength(2);
});

test("what a launch cannot do is refused", async () => {
  const here = await account();
  const SubnetId = await makeSubnet(here, await makeVpc(here));
  const base = {
    ImageId: "ami-0123456789abcdef0",
    InstanceType: "m5.large",
    MinCount: 1,
    MaxCount: 1,
    SubnetId,
  } as const;
  const run = (changes: Partial<RunInstancesRequest>) =>
    here.ec2.send(new RunInstancesCommand({ ...base, ...changes }));
  await refused(run({ MinCount: 2 }), "InvalidParameterValue");
  await refused(run({ SubnetId: "subnet-0000000000000000f" }), "InvalidSubnetID.NotFound");
  await refused(run({ SubnetId: undefined }), "NotSimulated", /A default subnet/);
  here.sandbox.scenario({ shortages: [{ zone: "us-west-2a" }], quotas: { onDemandVcpus: 1 } });
  await refused(run({}), "InsufficientInstanceCapacity", /m5\.large/);
  here.sandbox.scenario({ quotas: { onDemandVcpus: 1 } });
  await refused(run({}), "VcpuLimitExceeded", /limit of 1 /);
  await run({ InstanceMarketOptions: { MarketType: "spot" } });
});
