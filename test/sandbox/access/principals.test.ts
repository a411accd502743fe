import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { ListClustersCommand } from "@aws-sdk/client-eks";
import { CreateUserCommand, GetRoleCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { parsePrincipals, readPrincipals } from "../../../src/sandbox/access/principals.ts";
import { sandboxCredentials } from "../../../src/sandbox/index.ts";
import { clientsOf, refusal } from "../clients.ts";
import { account } from "../eks/account.ts";
import { allowed, document, heldArn, heldTo } from "./held.ts";

const session = "arn:aws:sts::111122223333:assumed-role/deployer/ci";
const good = { accessKeyId: "AKIA1", secretAccessKey: "s", arn: heldArn, policies: [] };

describe("a registered principal", () => {
  it("is who its key says, and everyone else stays who they were", async () => {
    const { sandbox, region, sts } = await account();
    const held = heldTo(sandbox, region, [allowed("iam:GetUser")]);
    expect(await held.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: heldArn });
    const { User } = await held.iam.send(new GetUserCommand({}));
    expect(User).toMatchObject({ UserName: "held", Arn: heldArn });
    expect((await held.sts.send(new GetCallerIdentityCommand({}))).UserId).toBe(User?.UserId);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: "arn:aws:iam::111122223333:user/sandbox",
      UserId: "AIDASANDBOXSANDBOXSA",
    });
    expect(sandbox.journal.map(({ principal }) => principal)).toContain(heldArn);
  });

  it("can be the session of a role, which the account then has", async () => {
    const { sandbox, region, iam } = await account();
    const held = heldTo(sandbox, region, [allowed("eks:ListClusters")], { arn: session, sessionToken: "token" });
    const identity = await held.sts.send(new GetCallerIdentityCommand({}));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "deployer" }));
    expect(identity).toMatchObject({ Arn: session, UserId: `${Role?.RoleId}:ci` });
    await held.eks.send(new ListClustersCommand({}));
    const call = clientsOf(sandbox, {
      credentials: { ...good, accessKeyId: "AKIAHELD", secretAccessKey: "held-secret" },
    });
    expect(await refusal(call.sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: "InvalidClientTokenId",
      status: 403,
    });
  });

  it("who is a session has no user of its own", async () => {
    const { sandbox, region } = await account();
    const { iam } = heldTo(sandbox, region, [allowed("iam:GetUser")], { arn: session });
    expect(await refusal(iam.send(new GetUserCommand({})))).toMatchObject({
      name: "ValidationError",
      message: "Must specify userName when calling with non-User credentials",
    });
  });

  it("needs the right secret", async () => {
    const { sandbox, region } = await account();
    heldTo(sandbox, region, []);
    const { ec2 } = clientsOf(sandbox, { credentials: { accessKeyId: "AKIAHELD", secretAccessKey: "guess" } });
    expect(await refusal(ec2.send(new DescribeVpcsCommand({})))).toMatchObject({ name: "SignatureDoesNotMatch" });
  });

  it("is unknown in other partitions", async () => {
    const { sandbox } = await account();
    const { sts } = heldTo(sandbox, "cn-north-1", [allowed("*")]);
    expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: "InvalidClientTokenId" });
  });

  it("may take the sandbox's own key, until it is registered no more", async () => {
    const { sandbox, iam } = await account();
    sandbox.principals([{ ...sandboxCredentials, arn: heldArn, policies: [document()] }]);
    const create = new CreateUserCommand({ UserName: "u" });
    expect(await refusal(iam.send(create))).toMatchObject({ name: "AccessDenied" });
    sandbox.principals([]);
    await iam.send(create);
  });
});

describe("registering", () => {
  it.each([
    [{ arn: "arn:aws:iam::111122223333:role/r" }, "must be arn:aws:iam::111122223333:user/NAME or"],
    [{ arn: "arn:aws:iam::999999999999:user/u" }, "must be arn:aws:iam::111122223333:user/NAME or"],
    [{ secretAccessKey: undefined }, "secretAccessKey"],
    [{ name: "x" }, 'Unrecognized key: "name"'],
    [
      { policies: [document(allowed("ec2:*", { Condition: { DateLessThan: { "aws:CurrentTime": "x" } } }))] },
      /DateLessThan is not simulated[\s\S]*at \[0\]\.policies\[0\]\.Statement\[0\]/,
    ],
    [{ permissionsBoundary: document({ Effect: "Allow" }) }, /Action or NotAction is needed.*\n.*permissionsBoundary/],
  ])("refuses %j", (change, message) => {
    const register = () => parsePrincipals([{ ...good, ...change }]);
    expect(register).toThrow(message);
    expect(register).toThrow("invalid principals:");
  });

  it("refuses two principals of one key, and leaves those that are there", async () => {
    const { sandbox, region } = await account();
    const held = heldTo(sandbox, region, []);
    expect(() => sandbox.principals([good, good])).toThrow(/another principal has this key.*\n.*\[1\]\.accessKeyId/);
    expect(await refusal(held.eks.send(new ListClustersCommand({})))).toMatchObject({ name: "AccessDeniedException" });
  });

  it("reads YAML and JSON", () => {
    const yaml = `
- accessKeyId: AKIA1
  secretAccessKey: s
  arn: ${heldArn}
  policies:
    - Version: "2012-10-17"
      Statement: { Effect: Allow, Action: "ec2:Describe*", Resource: "*" }
`;
    const [principal] = readPrincipals({ text: yaml, name: "p.yaml" });
    expect(principal).toMatchObject({ arn: heldArn });
    expect(readPrincipals({ text: JSON.stringify([principal]), name: "p.json" })).toEqual([principal]);
    expect(() => readPrincipals({ text: "a: 1", name: "p.yaml" })).toThrow("invalid principals in p.yaml:");
  });
});
