import { CreateLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateInternetGatewayCommand,
  CreateVpcCommand,
  DeleteNatGatewayCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { ListClustersCommand } from "@aws-sdk/client-eks";
import {
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, it } from "vitest";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { clientsOf, refusal } from "./clients.ts";
import { trustOf } from "./policies.ts";

let sandbox: Sandbox;
const start = async (options?: SandboxOptions) => (sandbox = await startTestSandbox(options));
afterEach(() => sandbox.close());

const nameOf = ({ name }: Error) => name;

const createRole = (name: string) =>
  new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trustOf("eks.amazonaws.com") });

describe("who sends a request", () => {
  it("is the sandbox user, in the partition of the region", async () => {
    const china = clientsOf(await start(), { region: "cn-north-1" });
    expect(await china.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "111122223333",
      Arn: "arn:aws-cn:iam::111122223333:user/sandbox",
    });
  });

  it("cannot work in two partitions", async () => {
    await start();
    await clientsOf(sandbox).iam.send(createRole("made-in-aws"));
    const abroad = clientsOf(sandbox, { region: "cn-north-1" });
    expect(await refusal(abroad.iam.send(new ListRolesCommand({})))).toMatchObject({ name: "InvalidClientTokenId" });
  });

  it.each([
    [
      "unknown",
      { accessKeyId: "nobody", secretAccessKey: "sandbox" },
      ["AuthFailure", 401],
      ["UnrecognizedClientException", 403],
      ["InvalidClientTokenId", 403],
      ["UnrecognizedClientException", 400],
    ],
    [
      "wrong",
      { accessKeyId: "sandbox", secretAccessKey: "wrong" },
      ["SignatureDoesNotMatch", 403],
      ["InvalidSignatureException", 403],
      ["SignatureDoesNotMatch", 403],
      ["InvalidSignatureException", 400],
    ],
  ] as const)("is refused with %s credentials, as each service does", async (_, credentials, ec2, eks, iam, logs) => {
    const clients = clientsOf(await start(), { credentials });
    expect(await refusal(clients.ec2.send(new DescribeVpcsCommand({})))).toMatchObject({
      name: ec2[0],
      status: ec2[1],
    });
    expect(await refusal(clients.eks.send(new ListClustersCommand({})))).toMatchObject({
      name: eks[0],
      status: eks[1],
    });
    expect(await refusal(clients.iam.send(new ListRolesCommand({})))).toMatchObject({ name: iam[0], status: iam[1] });
    expect(await refusal(clients.logs.send(new DescribeLogGroupsCommand({})))).toMatchObject({
      name: logs[0],
      status: logs[1],
    });
    expect(sandbox.journal).toEqual([]);
  });

  it("must name a region that exists", async () => {
    const nowhere = clientsOf(await start(), { region: "us-moon-1" });
    expect(await refusal(nowhere.sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: "SignatureDoesNotMatch",
      message: expect.stringContaining("valid region"),
    });
  });

  it("must sign", async () => {
    await start();
    const answer = await fetch(sandbox.endpoint, {
      method: "POST",
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("MissingAuthenticationToken");
  });
});

describe("what is asked", () => {
  it("is answered 501 by name where it is not simulated", async () => {
    const { iam } = clientsOf(await start());
    expect(await refusal(iam.send(new CreateGroupCommand({ GroupName: "g" })))).toEqual({
      name: "NotSimulated",
      message: "iam:CreateGroup is not simulated by the sandbox",
      status: 501,
    });
  });

  it("must fit the operation", async () => {
    const { iam, logs } = clientsOf(await start());
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName: undefined })))).toMatchObject({
      name: "ValidationError",
      message: "GetRole.RoleName is required",
    });
    const notAText = { logGroupName: 7 as unknown as string };
    expect(await refusal(logs.send(new CreateLogGroupCommand(notAText)))).toMatchObject({
      name: "SerializationException",
    });
  });

  it("is told to observers before it is handled", async () => {
    const { iam } = clientsOf(await start());
    const seen: string[] = [];
    sandbox.onRequest(({ service, operation, input }) => seen.push(`${service}.${operation} ${JSON.stringify(input)}`));
    await refusal(iam.send(new GetRoleCommand({ RoleName: "none" })));
    expect(seen).toEqual(['iam.GetRole {"RoleName":"none"}']);
  });
});

describe("what a request leaves", () => {
  it("is a journal entry with time, caller, input and outcome", async () => {
    const { iam } = clientsOf(await start());
    await iam.send(createRole("r"));
    await sandbox.clock.sleep(5000);
    await refusal(iam.send(new GetRoleCommand({ RoleName: "none" })));
    const [first, second] = sandbox.journal;
    const principal = "arn:aws:iam::111122223333:user/sandbox";
    expect(first).toMatchObject({
      n: 1,
      service: "iam",
      operation: "CreateRole",
      changes: true,
      outcome: "ok",
      principal,
    });
    expect(first?.input).toMatchObject({ RoleName: "r" });
    expect(second).toMatchObject({ n: 2, region: "us-west-2", changes: false, outcome: "NoSuchEntity" });
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(5000);
  });

  it("is nothing in the world when it was refused", async () => {
    const { iam } = clientsOf(await start());
    await iam.send(createRole("r"));
    const before = JSON.stringify(sandbox.world.state);
    const tooMany = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
    const create = new CreateRoleCommand({
      RoleName: "s",
      AssumeRolePolicyDocument: trustOf("eks.amazonaws.com"),
      Tags: tooMany,
    });
    expect(await refusal(iam.send(create))).toMatchObject({ name: "LimitExceededException" });
    expect(JSON.stringify(sandbox.world.state)).toBe(before);
  });

  it("is the same world for the same requests", async () => {
    const ids: (string | undefined)[] = [];
    for (const _ of [1, 2]) {
      await start();
      const { iam } = clientsOf(sandbox);
      ids.push((await iam.send(createRole("r"))).Role?.RoleId);
      await sandbox.close();
    }
    await start();
    expect(ids[0]).toMatch(/^AROA[0-9A-F]{17}$/);
    expect(ids[1]).toBe(ids[0]);
  });
});

const burstOf = (clients: ReturnType<typeof clientsOf>, count: number) =>
  Promise.all(
    Array.from({ length: count }, () =>
      clients.eks.send(new ListClustersCommand({})).then(
        () => "ok",
        (error: Error) => error.name,
      ),
    ),
  );

describe("request rates", () => {
  it("are enforced when asked for, per region, and come back with time", async () => {
    await start({ throttle: true });
    const here = clientsOf(sandbox);
    const outcomes = await burstOf(here, 45);
    expect(outcomes.filter((each) => each === "ThrottlingException")).toHaveLength(5);
    expect(await burstOf(clientsOf(sandbox, { region: "eu-west-1" }), 1)).not.toContain("ThrottlingException");
    await sandbox.clock.sleep(1000);
    expect((await burstOf(here, 11)).filter((each) => each === "ThrottlingException")).toHaveLength(1);
  });

  it("are EC2's for each operation, smaller for reads of everything, and some have a size of their own", async () => {
    await start({ throttle: true });
    const { ec2 } = clientsOf(sandbox);
    const throttled = async (times: number, call: () => Promise<unknown>) => {
      const outcomes = await Promise.all(Array.from({ length: times }, () => call().then(() => "", nameOf)));
      return outcomes.filter((each) => each === "RequestLimitExceeded").length;
    };
    const Filters = [{ Name: "cidr", Values: ["10.0.0.0/8"] }];
    expect(await throttled(53, () => ec2.send(new DescribeVpcsCommand({})))).toBe(3);
    expect(await throttled(102, () => ec2.send(new DescribeVpcsCommand({ Filters })))).toBe(2);
    expect(await throttled(52, () => ec2.send(new CreateInternetGatewayCommand({})))).toBe(2);
    expect(await throttled(12, () => ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: "nat-1" })))).toBe(2);
    expect(await throttled(50, () => ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" })))).toBe(0);
  });

  it("are IAM's for all regions together", async () => {
    await start({ throttle: true });
    const make = (region: string, name: number) =>
      clientsOf(sandbox, { region })
        .iam.send(new CreateUserCommand({ UserName: `u${name}` }))
        .then(() => "", nameOf);
    const outcomes = await Promise.all(
      Array.from({ length: 22 }, (_, index) => make(index % 2 ? "us-east-1" : "us-west-2", index)),
    );
    expect(outcomes.filter((each) => each === "Throttling")).toHaveLength(2);
  });

  it("are not enforced otherwise", async () => {
    expect(await burstOf(clientsOf(await start()), 45)).not.toContain("ThrottlingException");
  });
});
