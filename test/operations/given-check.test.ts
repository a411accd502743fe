import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { beforeEach, describe, expect, it } from "vitest";
import { givenAnswers, requireGiven } from "../../src/operations/given-check.ts";
import { type Account, closing, openTestAccount, parse } from "../support/account.ts";
import { clientsOf } from "../sandbox/clients.ts";

let account: Account;
let kms: ReturnType<typeof clientsOf>["kms"];
beforeEach(async () => {
  account = closing(await openTestAccount());
  ({ kms } = clientsOf(account.sandbox));
});

const region = "us-west-2";
const none = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const theirs = "arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const answers = (rest: string) => givenAnswers(account.session(region), parse(file(rest)));
const file = (rest: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
${rest}`;
const secrets = (key: string) => answers(`secretsEncryption: { keyARN: ${key} }`);
const problem = async (key: string) => (await secrets(key)).problems[0] ?? "";

async function makeKey(input: CreateKeyCommandInput = {}): Promise<string> {
  return (await kms.send(new CreateKeyCommand(input))).KeyMetadata?.Arn ?? "";
}

describe("KMS keys that a file names", () => {
  it("are asked for before anything is done", async () => {
    const key = await makeKey();
    expect(await secrets(key)).toEqual({ problems: [], unseen: [] });
    expect(await problem(none)).toBe(`secretsEncryption.keyARN: there is no KMS key ${none} in the region`);
    const command = (name: string) => `\`aws kms ${name} --region ${region} --key-id ${key.split("/")[1]}\``;
    const named = `secretsEncryption.keyARN: the KMS key ${key}`;
    await kms.send(new DisableKeyCommand({ KeyId: key }));
    expect(await problem(key)).toBe(`${named} is disabled: enable it with ${command("enable-key")}`);
    await kms.send(new EnableKeyCommand({ KeyId: key }));
    const { DeletionDate } = await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }));
    const day = DeletionDate?.toISOString().slice(0, 10);
    expect(await problem(key)).toBe(
      `${named} will be deleted on ${day}: keep it with ${command("cancel-key-deletion")} and ${command("enable-key")}`,
    );
    const asymmetric = await makeKey({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
    expect(await problem(asymmetric)).toContain(
      "is RSA_2048 for ENCRYPT_DECRYPT: EKS encrypts secrets with symmetric keys for ENCRYPT_DECRYPT only",
    );
    expect(account.changes().filter(({ service }) => service !== "kms")).toEqual([]);
  });

  it("are named with every place that names them", async () => {
    const disks = `volumeEncrypted: true, volumeKmsKeyID: alias/none`;
    const { problems } = await answers(`
managedNodeGroups:
  - { name: a, ${disks}, additionalVolumes: [{ volumeName: sdf, ${disks} }] }
nodeGroups: [{ name: b, ${disks} }]`);
    expect(problems).toEqual([
      "nodeGroups[0].volumeKmsKeyID, managedNodeGroups[0].volumeKmsKeyID, managedNodeGroups[0].additionalVolumes[0].volumeKmsKeyID: " +
        "there is no KMS key alias/none in the region",
    ]);
  });

  it("may be called by an alias, and be AWS's own for disks, not for secrets", async () => {
    const TargetKeyId = await makeKey();
    await kms.send(new CreateAliasCommand({ AliasName: "alias/disks", TargetKeyId }));
    for (const key of ["alias/disks", TargetKeyId.split("/")[1], "alias/aws/ebs"]) {
      const { problems } = await answers(
        `managedNodeGroups: [{ name: a, volumeEncrypted: true, volumeKmsKeyID: ${key} }]`,
      );
      expect(problems).toEqual([]);
    }
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/aws/eks" }));
    expect(await problem(KeyMetadata?.Arn ?? "")).toContain("belongs to AWS");
  });

  it("of other accounts are judged where those let the caller look, and left open where not", async () => {
    expect(await secrets(theirs)).toEqual({ problems: [], unseen: [theirs] });
    await requireGiven(account.session(region), parse(file(`secretsEncryption: { keyARN: ${theirs} }`)));
    account.sandbox.residents({ keys: [{ region, name: theirs }] });
    expect(await secrets(theirs)).toEqual({ problems: [], unseen: [] });
  });
});
