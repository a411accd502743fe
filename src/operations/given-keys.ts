import { DescribeKeyCommand, type KeyMetadata } from "@aws-sdk/client-kms";
import type { Clients } from "../aws/clients.ts";
import { absentAsNull } from "../aws/errors.ts";
import type { ClusterConfig, NodeGroupBase } from "../config/types.ts";

/** A KMS key that a file names. */
export interface GivenKey {
  /** Its id, an alias, or the ARN of either. */
  readonly name: string;
  readonly encrypts: "secrets" | "disks";
  /** Where the file names it. */
  readonly paths: readonly string[];
}

/** The keys of a file, each once for what it encrypts. */
export function givenKeys({
  secretsEncryption,
  nodeGroups = [],
  managedNodeGroups = [],
}: ClusterConfig): readonly GivenKey[] {
  const ofGroups = (list: string, groups: readonly NodeGroupBase[]) =>
    groups.flatMap((group, index) => disksOf(group, `${list}[${index}]`));
  const disks = [...ofGroups("nodeGroups", nodeGroups), ...ofGroups("managedNodeGroups", managedNodeGroups)];
  return [
    ...(secretsEncryption
      ? [{ name: secretsEncryption.keyARN, encrypts: "secrets" as const, paths: ["secretsEncryption.keyARN"] }]
      : []),
    ...[...new Set(disks.map(({ name }) => name))].map((name) => ({
      name,
      encrypts: "disks" as const,
      paths: disks.filter((disk) => disk.name === name).map(({ path }) => path),
    })),
  ];
}

function disksOf(group: NodeGroupBase, at: string): readonly { readonly name: string; readonly path: string }[] {
  const disks = [
    [group, at] as const,
    ...(group.additionalVolumes ?? []).map((disk, index) => [disk, `${at}.additionalVolumes[${index}]`] as const),
  ];
  return disks.flatMap(([{ volumeKmsKeyID: name }, place]) =>
    name === undefined ? [] : [{ name, path: `${place}.volumeKmsKeyID` }],
  );
}

/** Why a key cannot be used for what it is named for (KMS DescribeKey), and the way out; undefined: it can be. */
export async function keyProblem(
  { name, encrypts, paths }: GivenKey,
  { kms }: Pick<Clients, "kms">,
): Promise<string | undefined> {
  const where = paths.join(", ");
  const found = await absentAsNull(() => kms.send(new DescribeKeyCommand({ KeyId: name })));
  if (!found?.KeyMetadata) return `${where}: there is no KMS key ${name} in the region`;
  const flaw = flawOf(found.KeyMetadata, encrypts);
  return flaw && `${where}: the KMS key ${name} ${flaw}`;
}

function flawOf(key: KeyMetadata, encrypts: GivenKey["encrypts"]): string | undefined {
  const { Arn = "", KeyId, KeyState, KeySpec, KeyUsage, KeyManager, DeletionDate } = key;
  if (KeySpec !== "SYMMETRIC_DEFAULT" || KeyUsage !== "ENCRYPT_DECRYPT") {
    const who = encrypts === "secrets" ? "EKS" : "EBS";
    return `is ${KeySpec} for ${KeyUsage}: ${who} encrypts ${encrypts} with symmetric keys for ENCRYPT_DECRYPT only`;
  }
  if (encrypts === "secrets" && KeyManager === "AWS") {
    return "belongs to AWS: EKS encrypts secrets with keys of one's own only, as `aws kms create-key` makes them";
  }
  const [, , , region] = Arn.split(":");
  const command = (name: string) => `\`aws kms ${name} --region ${region} --key-id ${KeyId}\``;
  if (KeyState === "Disabled") return `is disabled: enable it with ${command("enable-key")}`;
  if (KeyState === "PendingDeletion") {
    const day = DeletionDate === undefined ? "soon" : `on ${DeletionDate.toISOString().slice(0, 10)}`;
    return `will be deleted ${day}: keep it with ${command("cancel-key-deletion")} and ${command("enable-key")}`;
  }
  return KeyState === "Enabled" ? undefined : `is in the state ${KeyState}, and must be Enabled`;
}
