import { CreateLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { AssociateEncryptionConfigCommand, CreateClusterCommand, DeleteClusterCommand } from "@aws-sdk/client-eks";
import { CreateServiceLinkedRoleCommand } from "@aws-sdk/client-iam";
import {
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ListGrantsCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { allowed, heldTo, missing } from "../access/held.ts";
import {
  type Account,
  cluster,
  clusterForNodes,
  clusterRequest,
  createNodegroup,
  describeCluster,
  describeNodegroup,
  type Ground,
  ground,
  present,
  refused,
} from "./account.ts";

async function makeKey({ kms }: Pick<Account, "kms">, input: CreateKeyCommandInput = {}): Promise<string> {
  return present((await kms.send(new CreateKeyCommand(input))).KeyMetadata?.Arn);
}
const encryptedWith = (keyArn: string) => ({ encryptionConfig: [{ resources: ["secrets"], provider: { keyArn } }] });
const associate = (here: Account, keyArn: string) =>
  here.eks.send(new AssociateEncryptionConfigCommand({ clusterName: "c", ...encryptedWith(keyArn) }));

describe("the key of a cluster's secrets", () => {
  test("is there, in the region, symmetric and enabled", async () => {
    const here = await ground();
    const disabled = await makeKey(here);
    await here.kms.send(new DisableKeyCommand({ KeyId: disabled }));
    const going = await makeKey(here);
    await here.kms.send(new ScheduleKeyDeletionCommand({ KeyId: going }));
    for (const [keyArn, message] of [
      ["arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "does not exist"],
      ["arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab", "not authorized"],
      ["arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "no KMS key of us-west-2"],
      [await makeKey(here, { KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }), "not symmetric"],
      [disabled, "in the state Disabled"],
      [going, "in the state PendingDeletion"],
    ] as const) {
      const create = here.eks.send(new CreateClusterCommand(clusterRequest(here, encryptedWith(keyArn))));
      await refused(create, "InvalidParameterException", message);
    }
  });

  test("takes a grant that the caller may make, which keys of AWS allow nobody", async () => {
    const here = await cluster();
    const ofAws = associate(here, "arn:aws:kms:us-west-2:111122223333:alias/aws/eks");
    await refused(ofAws, "InvalidRequestException", "not authorized to perform kms:CreateGrant");
    const key = await makeKey(here);
    const onlyForServices = { Condition: { Bool: { "kms:GrantIsForAWSResource": true } } };
    const held = heldTo(here.sandbox, here.region, [
      allowed(["eks:AssociateEncryptionConfig", "kms:DescribeKey"]),
      allowed("kms:CreateGrant", onlyForServices),
    ]);
    expect(await missing(associate({ ...here, ...held }, key))).toBe(`kms:CreateGrant on ${key}`);
  });

  test("is used by a grant that ends with the cluster, and shows in its health", async () => {
    const here = await cluster();
    const key = await makeKey(here);
    await associate(here, key);
    await here.pass(durations.clusterEncryptionUpdate);
    const grants = async () => (await here.kms.send(new ListGrantsCommand({ KeyId: key }))).Grants ?? [];
    expect(await grants()).toMatchObject([{ GranteePrincipal: "eks.us-west-2.amazonaws.com" }]);
    const issues = async () => (await describeCluster(here)).health?.issues?.map(({ code }) => code);
    expect(await issues()).toEqual([]);
    await here.kms.send(new DisableKeyCommand({ KeyId: key }));
    expect(await issues()).toEqual(["KmsKeyDisabled"]);
    await here.kms.send(new EnableKeyCommand({ KeyId: key }));
    expect(await issues()).toEqual([]);
    await here.eks.send(new DeleteClusterCommand({ name: "c" }));
    await here.pass(durations.clusterDelete);
    expect(await grants()).toEqual([]);
  });

  test("is missed when its grant is revoked, or it is deleted", async () => {
    const here = await ground();
    const key = await makeKey(here);
    await here.eks.send(new CreateClusterCommand(clusterRequest(here, encryptedWith(key))));
    await here.pass(durations.clusterCreate);
    const { Grants } = await here.kms.send(new ListGrantsCommand({ KeyId: key }));
    await here.kms.send(new RevokeGrantCommand({ KeyId: key, GrantId: Grants?.[0]?.GrantId }));
    const code = async () => (await describeCluster(here)).health?.issues?.[0]?.code;
    expect(await code()).toBe("KmsGrantRevoked");
    await here.kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }));
    expect(await code()).toBe("KmsKeyMarkedForDeletion");
    await here.pass(7 * 24 * 60 * 60);
    expect(await code()).toBe("KmsKeyNotFound");
  });
});

describe("nodes with disks under a key", () => {
  async function nodesWith(KmsKeyId: string, here?: Ground) {
    const account = here ?? (await clusterForNodes());
    const Ebs = { VolumeSize: 30, Encrypted: true, KmsKeyId };
    const { LaunchTemplate } = await account.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "nodes",
        LaunchTemplateData: { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs }] },
      }),
    );
    await createNodegroup(account, { launchTemplate: { id: present(LaunchTemplate?.LaunchTemplateId) } });
    await account.pass(durations.nodegroupCreate);
    const { status, health } = await describeNodegroup(account);
    return { status, issues: health?.issues?.map(({ code, message }) => [code, message]) };
  }
  const failed = {
    status: "CREATE_FAILED",
    issues: [
      [
        "AsgInstanceLaunchFailures",
        "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state",
      ],
    ],
  };

  test("are not launched where the key lets the account in, and not Auto Scaling's own role", async () => {
    const here = await clusterForNodes();
    expect(await nodesWith(await makeKey(here), here)).toEqual(failed);
  });

  test("are not launched where there is no such key, or it is not enabled", async () => {
    expect(await nodesWith("alias/none")).toEqual(failed);
    const here = await clusterForNodes();
    here.sandbox.residents({ keys: [{ region: "us-west-2", name: "alias/disks" }] });
    const { KeyMetadata } = await here.kms.send(new DescribeKeyCommand({ KeyId: "alias/disks" }));
    await here.kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    expect(await nodesWith("alias/disks", here)).toEqual(failed);
  });

  test("run under a key that the role has a grant on, one whose policy names it, and that of AWS", async () => {
    const here = await clusterForNodes();
    const key = await makeKey(here);
    const { Role } = await here.iam.send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: "autoscaling.amazonaws.com" }),
    );
    await here.kms.send(
      new CreateGrantCommand({ KeyId: key, GranteePrincipal: Role?.Arn, Operations: ["Decrypt", "CreateGrant"] }),
    );
    expect(await nodesWith(key, here)).toEqual({ status: "ACTIVE", issues: [] });
    const other = await clusterForNodes();
    other.sandbox.residents({ keys: [{ region: "us-west-2", name: "alias/disks" }] });
    expect(await nodesWith("alias/disks", other)).toEqual({ status: "ACTIVE", issues: [] });
    expect(await nodesWith("alias/aws/ebs")).toEqual({ status: "ACTIVE", issues: [] });
  });
});
