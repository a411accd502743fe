import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateLaunchTemplateCommand, CreateVpcCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { ListClustersCommand } from "@aws-sdk/client-eks";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { HttpRequest } from "@smithy/core/transport";
import { afterEach, describe, expect, it } from "vitest";
import { createClients } from "../../src/aws/clients.ts";
import { causeClass, classify, describeAwsError } from "../../src/aws/errors.ts";
import { virtualClock } from "../../src/clock.ts";
import { type FaultRule, type Sandbox, sandboxCredentials } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.close());

async function open(faults: readonly FaultRule[]) {
  sandbox = await startTestSandbox({ faults });
  const { endpoint, clock, journal } = sandbox;
  const clients = createClients({
    region: "us-west-2",
    endpoint,
    credentials: sandboxCredentials,
    clock,
    version: "1.2.3",
  });
  const start = clock.now();
  return { clients, clock, journal, elapsed: () => (clock.now() - start) / 1000 };
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "no error",
    (error: unknown) => error,
  );
const vpc = () => new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" });
const template = () =>
  new CreateLaunchTemplateCommand({ LaunchTemplateName: "template", LaunchTemplateData: { InstanceType: "m5.large" } });

/** Seconds that one call takes which is throttled six times. */
async function secondsWhenThrottled(): Promise<number> {
  const { clients, elapsed } = await open([{ operation: "CreateVpc", effect: "throttle", nth: 1, times: 6 }]);
  await clients.ec2.send(vpc());
  await sandbox?.close();
  return elapsed();
}

describe("what is sent again", () => {
  it("throttled calls, for minutes, on the clock", async () => {
    const { clients, journal, elapsed } = await open([
      { operation: "CreateVpc", effect: "throttle", nth: 1, times: 15 },
    ]);
    await clients.ec2.send(vpc());
    expect(journal.filter(({ operation }) => operation === "CreateVpc")).toHaveLength(16);
    expect(elapsed()).toBeGreaterThan(60);
  });

  it("equal runs take equal time", async () => {
    const first = await secondsWhenThrottled();
    expect(await secondsWhenThrottled()).toBe(first);
  });

  it("reads of which the answer was lost, or that a server could not answer", async () => {
    const { clients } = await open([
      { operation: "DescribeVpcs", effect: "reset", nth: 1, times: 2 },
      { operation: "DescribeVpcs", effect: { error: { code: "InternalError", status: 500 } }, nth: 3 },
    ]);
    await expect(clients.ec2.send(new DescribeVpcsCommand({}))).resolves.toHaveProperty("Vpcs");
  });

  it("a creation with an idempotency token, every time with the same one", async () => {
    const { clients, journal } = await open([{ operation: "CreateLaunchTemplate", effect: "lost", nth: 1 }]);
    await clients.ec2.send(template());
    const tries = journal.filter(({ operation }) => operation === "CreateLaunchTemplate");
    expect(tries.map(({ outcome }) => outcome)).toHaveLength(2);
    expect(new Set(tries.map(({ input }) => input["ClientToken"])).size).toBe(1);
  });

  it("keeps the token that the caller gives", async () => {
    const { clients, journal } = await open([]);
    await clients.ec2.send(new CreateLaunchTemplateCommand({ ...template().input, ClientToken: "mine" }));
    expect(journal.at(-1)?.input["ClientToken"]).toBe("mine");
  });

  it("what states how things shall be", async () => {
    const { clients } = await open([{ operation: "PutRolePolicy", effect: "lost", nth: 1 }]);
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    await clients.iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
    });
    await clients.iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "p", PolicyDocument }));
  });
});

describe("what is not", () => {
  it("a creation without a token: the engine has to look", async () => {
    const { clients, clock, journal } = await open([{ operation: "CreateVpc", effect: "lost", nth: 1 }]);
    const error = await refusal(clients.ec2.send(vpc()));
    expect(classify(error)).toBe("ambiguous");
    expect(describeAwsError(error)).toMatchObject({ service: "ec2", operation: "CreateVpc" });
    expect(journal.filter(({ operation }) => operation === "CreateVpc")).toHaveLength(1);
    await clock.sleep(5000);
    const { Vpcs } = await clients.ec2.send(
      new DescribeVpcsCommand({ Filters: [{ Name: "cidr", Values: ["10.0.0.0/16"] }] }),
    );
    expect(Vpcs).toHaveLength(1);
  });

  it("what is refused", async () => {
    const { clients, journal } = await open([{ operation: "CreateVpc", effect: "deny" }]);
    const error = await refusal(clients.ec2.send(vpc()));
    expect(causeClass(error)).toBe("permission");
    expect(describeAwsError(error).hint).toContain("ec2:CreateVpc");
    expect(classify(error)).toBeUndefined();
    expect(journal.filter(({ operation }) => operation === "CreateVpc")).toHaveLength(1);
  });

  it("a read that never gets through", async () => {
    const { clients, elapsed } = await open([{ operation: "DescribeVpcs", effect: "reset" }]);
    const error = await refusal(clients.ec2.send(new DescribeVpcsCommand({})));
    expect(classify(error)).toBe("transient");
    expect(causeClass(error)).toBe("transient");
    expect(elapsed()).toBeLessThan(60);
  });
});

describe("the clients", () => {
  it("say who they are", async () => {
    const { clients } = await open([]);
    let agent = "";
    clients.sts.middlewareStack.add(
      (next) => (args) => {
        if (HttpRequest.isInstance(args.request)) agent = args.request.headers["user-agent"] ?? "";
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    await clients.sts.send(new GetCallerIdentityCommand({}));
    expect(agent).toContain("ekstool/1.2.3");
  });

  it("tell an endpoint where nobody is, after some tries that cannot have done anything", async () => {
    const clock = virtualClock();
    const endpoint = "http://127.0.0.1:1";
    const clients = createClients({
      region: "us-west-2",
      endpoint,
      credentials: sandboxCredentials,
      clock,
      version: "1",
    });
    const start = clock.now();
    const error = await refusal(clients.ec2.send(vpc()));
    expect(clock.now() - start).toBeGreaterThan(1000);
    expect(describeAwsError(error)).toMatchObject({
      code: "ECONNREFUSED",
      hint: expect.stringContaining("AWS_ENDPOINT_URL"),
    });
    expect(classify(error)).toBe("transient");
  });

  it.each([
    ["unknown keys", { accessKeyId: "AKIAUNKNOWN", secretAccessKey: "x" }, "AWS does not know these credentials"],
    ["a wrong secret", { ...sandboxCredentials, secretAccessKey: "wrong" }, "secret access key"],
  ])("tell %s, for every protocol", async (_, credentials, hint) => {
    sandbox = await startTestSandbox();
    const { endpoint, clock } = sandbox;
    const clients = createClients({ region: "us-west-2", endpoint, credentials, clock, version: "1" });
    const errors = await Promise.all([
      refusal(clients.ec2.send(new DescribeVpcsCommand({}))),
      refusal(clients.eks.send(new ListClustersCommand({}))),
      refusal(clients.sts.send(new GetCallerIdentityCommand({}))),
      refusal(clients.logs.send(new DescribeLogGroupsCommand({}))),
    ]);
    expect(errors.map(causeClass)).toEqual(["credentials", "credentials", "credentials", "credentials"]);
    for (const error of errors) expect(describeAwsError(error).hint).toContain(hint);
  });
});
