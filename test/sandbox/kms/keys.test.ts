import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-kms";
import { CreateServiceLinkedRoleCommand } from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { allowed, heldTo, missing } from "../access/held.ts";
import { clientsOf, refusal } from "../clients.ts";

let sandbox: Sandbox;
let kms: ReturnType<typeof clientsOf>["kms"];
beforeEach(async () => {
  sandbox = await startTestSandbox();
  ({ kms } = clientsOf(sandbox));
});
afterEach(() => sandbox.close());

const day = 24 * 60 * 60 * 1000;
const root = "arn:aws:iam::111122223333:root";
const theirs = "arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const autoScaling =
  "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

async function create(input: CreateKeyCommandInput = {}): Promise<{ readonly id: string; readonly arn: string }> {
  const { KeyId = "", Arn = "" } = (await kms.send(new CreateKeyCommand(input))).KeyMetadata ?? {};
  return { id: KeyId, arn: Arn };
}
const describeKey = async (KeyId: string) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
const refusedKey = (KeyId: string) => refusal(kms.send(new DescribeKeyCommand({ KeyId })));
const policy = (...principals: readonly string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: principals }, Action: "kms:*", Resource: "*" }],
  });

describe("a key", () => {
  it("is symmetric and enabled, and is known by its id, its ARN, an alias and the alias' ARN", async () => {
    const { id, arn } = await create({ Description: "disks" });
    await kms.send(new CreateAliasCommand({ AliasName: "alias/disks", TargetKeyId: id }));
    for (const name of [id, arn, "alias/disks", "arn:aws:kms:us-west-2:111122223333:alias/disks"]) {
      expect(await describeKey(name)).toMatchObject({
        Arn: arn,
        AWSAccountId: "111122223333",
        Description: "disks",
        KeySpec: "SYMMETRIC_DEFAULT",
        KeyUsage: "ENCRYPT_DECRYPT",
        KeyState: "Enabled",
        KeyManager: "CUSTOMER",
        Enabled: true,
      });
    }
  });

  it("that is not there is not found, in the words of its name", async () => {
    const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    const arn = `arn:aws:kms:us-west-2:111122223333:key/${id}`;
    const elsewhere = await clientsOf(sandbox, { region: "us-east-1" }).kms.send(new CreateKeyCommand({}));
    for (const [name, message] of [
      [id, `Key '${arn}' does not exist`],
      [arn, `Key '${arn}' does not exist`],
      ["alias/none", "Alias arn:aws:kms:us-west-2:111122223333:alias/none is not found."],
      ["none", "Invalid keyId 'none'"],
      [elsewhere.KeyMetadata?.Arn ?? "", "Invalid arn us-east-1"],
    ] as const) {
      expect(await refusedKey(name)).toMatchObject({ name: "NotFoundException", message });
    }
  });

  it("is for what its spec can do", async () => {
    expect(await describeKey((await create({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" })).id)).toMatchObject({
      KeySpec: "RSA_2048",
      KeyUsage: "SIGN_VERIFY",
    });
    for (const wrong of [{ KeySpec: "RSA_2048" }, { KeySpec: "HMAC_256", KeyUsage: "ENCRYPT_DECRYPT" }] as const) {
      expect(await refusal(create(wrong))).toMatchObject({ name: "ValidationException" });
    }
  });

  it("is disabled and enabled, is deleted after days, and comes back disabled before", async () => {
    const { id, arn } = await create();
    await kms.send(new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: id }));
    await kms.send(new DisableKeyCommand({ KeyId: id }));
    expect(await describeKey(id)).toMatchObject({ KeyState: "Disabled", Enabled: false });
    await kms.send(new EnableKeyCommand({ KeyId: id }));
    const asked = { KeyId: id, PendingWindowInDays: 7 };
    const { DeletionDate } = await kms.send(new ScheduleKeyDeletionCommand(asked));
    expect(DeletionDate?.getTime()).toBe(sandbox.clock.now() + 7 * day);
    expect(await describeKey(id)).toMatchObject({ KeyState: "PendingDeletion", DeletionDate });
    expect(await refusal(kms.send(new EnableKeyCommand({ KeyId: id })))).toMatchObject({
      name: "KMSInvalidStateException",
      message: `${arn} is pending deletion.`,
    });
    await kms.send(new CancelKeyDeletionCommand({ KeyId: id }));
    expect(await describeKey(id)).toMatchObject({ KeyState: "Disabled" });
    await kms.send(new ScheduleKeyDeletionCommand(asked));
    await sandbox.clock.sleep(7 * day);
    expect(await refusedKey(id)).toMatchObject({ name: "NotFoundException" });
    expect(await refusedKey("alias/a")).toMatchObject({ name: "NotFoundException" });
  });

  it("is listed page by page, with its tags; those of other accounts are not", async () => {
    sandbox.residents({ keys: [{ region: "us-west-2", name: theirs }] });
    const made = [await create({ Tags: [{ TagKey: "team", TagValue: "blue" }] }), await create(), await create()];
    const first = await kms.send(new ListKeysCommand({ Limit: 2 }));
    expect(first).toMatchObject({ Truncated: true });
    const rest = await kms.send(new ListKeysCommand({ Marker: first.NextMarker }));
    expect([...(first.Keys ?? []), ...(rest.Keys ?? [])].map(({ KeyArn }) => KeyArn)).toEqual(
      made.map(({ arn }) => arn),
    );
    const KeyId = made[0]?.id;
    await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "use", TagValue: "disks" }] }));
    await kms.send(new UntagResourceCommand({ KeyId, TagKeys: ["team"] }));
    const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId }));
    expect(Tags).toEqual([{ TagKey: "use", TagValue: "disks" }]);
  });
});

describe("an alias", () => {
  it("is one key's, and not AWS's", async () => {
    const { id } = await create();
    const make = (AliasName: string) => kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: id }));
    await make("alias/a");
    expect(await refusal(make("alias/a"))).toMatchObject({ name: "AlreadyExistsException" });
    for (const name of ["a", "alias/aws/mine"]) {
      expect(await refusal(make(name))).toMatchObject({ name: "InvalidAliasNameException" });
    }
    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: id }));
    expect(Aliases).toMatchObject([{ AliasName: "alias/a", TargetKeyId: id }]);
    await kms.send(new DeleteAliasCommand({ AliasName: "alias/a" }));
    expect(await refusedKey("alias/a")).toMatchObject({ name: "NotFoundException" });
  });

  it("of AWS names a key of AWS, which nobody changes", async () => {
    const key = await describeKey("alias/aws/ebs");
    expect(key).toMatchObject({ KeyManager: "AWS", KeyState: "Enabled" });
    expect(await refusal(kms.send(new DisableKeyCommand({ KeyId: key?.KeyId })))).toMatchObject({
      name: "AccessDeniedException",
    });
    expect(await refusedKey("alias/aws/none")).toMatchObject({ name: "NotFoundException" });
  });
});

describe("a key policy", () => {
  it("decides who may use the key, whatever else they may do", async () => {
    const { id, arn } = await create();
    expect(JSON.parse((await kms.send(new GetKeyPolicyCommand({ KeyId: id }))).Policy ?? "")).toMatchObject({
      Statement: [{ Principal: { AWS: [root] }, Action: ["kms:*"] }],
    });
    const me = "arn:aws:iam::111122223333:user/sandbox";
    await kms.send(new PutKeyPolicyCommand({ KeyId: id, Policy: policy(me) }));
    expect(await describeKey(id)).toMatchObject({ Arn: arn });
    const other = await refusal(kms.send(new PutKeyPolicyCommand({ KeyId: id, Policy: policy("444455556666") })));
    expect(other).toMatchObject({ name: "MalformedPolicyDocumentException", message: expect.stringMatching(/update/) });
  });

  it("names nobody who is not there", async () => {
    const { id } = await create();
    const put = () => kms.send(new PutKeyPolicyCommand({ KeyId: id, Policy: policy(root, autoScaling) }));
    expect(await refusal(put())).toMatchObject({
      name: "MalformedPolicyDocumentException",
      message: expect.stringContaining("invalid principals"),
    });
    const { iam } = clientsOf(sandbox);
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "autoscaling.amazonaws.com" }));
    await put();
  });

  it("of another account's key lets this account in, or says nothing of the key", async () => {
    expect(await refusedKey(theirs)).toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`kms:DescribeKey on resource: ${theirs} because the resource does not exist`),
    });
    sandbox.residents({ keys: [{ region: "us-west-2", name: theirs }] });
    expect(await describeKey(theirs)).toMatchObject({ AWSAccountId: "444455556666", KeyState: "Enabled" });
    expect(await refusedKey("1234abcd-12ab-34cd-56ef-1234567890ab")).toMatchObject({ name: "NotFoundException" });
  });
});

it("a grant is made once of a name, for somebody who is there, on a key that is enabled, until it is revoked", async () => {
  const { id, arn } = await create();
  const grant = (GranteePrincipal: string) =>
    kms.send(new CreateGrantCommand({ KeyId: id, GranteePrincipal, Operations: ["Decrypt"], Name: "nodes" }));
  expect(await refusal(grant(autoScaling))).toMatchObject({ name: "InvalidArnException" });
  const { GrantId } = await grant(root);
  expect(await grant(root)).toMatchObject({ GrantId });
  const list = async () => (await kms.send(new ListGrantsCommand({ KeyId: id }))).Grants;
  expect(await list()).toMatchObject([
    { GrantId, KeyId: arn, GranteePrincipal: root, IssuingAccount: root, Operations: ["Decrypt"] },
  ]);
  await kms.send(new RevokeGrantCommand({ KeyId: id, GrantId }));
  expect(await list()).toEqual([]);
  await kms.send(new DisableKeyCommand({ KeyId: id }));
  expect(await refusal(grant(root))).toMatchObject({ name: "DisabledException" });
});

it("policies name a key by its ARN, however it is called", async () => {
  const { id, arn } = await create();
  await kms.send(new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: id }));
  const held = heldTo(sandbox, "us-west-2", [allowed("kms:DescribeKey", { Resource: arn })]);
  await held.kms.send(new DescribeKeyCommand({ KeyId: "alias/a" }));
  expect(await missing(held.kms.send(new DisableKeyCommand({ KeyId: id })))).toBe(`kms:DisableKey on ${arn}`);
});
