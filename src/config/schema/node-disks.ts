import * as z from "zod";
import { defaultVolumeSize, defaultVolumeType } from "../default-values.ts";
import { flag, kmsKey, wholeNumber } from "./values.ts";

const deviceName = () =>
  z.string().regex(/^(?:\/dev\/)?(?:sd[a-z]\d*|xvd[a-z]{1,2})$/, "must be a device name, as /dev/xvda or /dev/sdf");

/** The keys that say what a disk is. */
const disk = {
  volumeSize: wholeNumber(1, 65_536)
    .meta({ description: `Size of the disk in GiB. Default: ${defaultVolumeSize}.`, default: defaultVolumeSize })
    .exactOptional(),
  volumeType: z
    .enum(["gp3", "gp2", "io1", "io2", "sc1", "st1"])
    .meta({ description: "EBS type of the disk. Default: gp3.", default: defaultVolumeType })
    .exactOptional(),
  volumeIOPS: wholeNumber(100, 256_000)
    .describe(
      "Operations a second of the disk: gp3 3000 to 16000 (default 3000), io1 100 to 64000, io2 100 to 256000 (default 100).",
    )
    .exactOptional(),
  volumeThroughput: wholeNumber(125, 1000)
    .describe("Throughput of the disk in MiB/s, gp3 only: 125 to 1000. Default: 125.")
    .exactOptional(),
  volumeEncrypted: flag().describe("Encrypt the disk. Default: the account's setting for EBS.").exactOptional(),
  volumeKmsKeyID: kmsKey()
    .describe(
      "KMS key that encrypts the disk: its id, ARN or alias. Needs volumeEncrypted. Default: the account's key for EBS.",
    )
    .exactOptional(),
};

const additionalVolume = z.strictObject({
  ...disk,
  volumeName: deviceName().describe("Device name of the disk, as /dev/sdf: one that no other disk of the node has."),
  snapshotID: z
    .string()
    .regex(/^snap-[0-9a-f]{8,17}$/, "must be the id of an EBS snapshot, as snap-0123456789abcdef0")
    .describe("EBS snapshot that the disk begins with. Default: an empty disk.")
    .exactOptional(),
});

/** The keys of a nodegroup that say which disks its nodes have. */
export const nodeDisks = {
  ...disk,
  volumeName: deviceName()
    .describe(
      "Device name of the nodes' disk. Default: what the operating system boots from or, with Bottlerocket, keeps data on.",
    )
    .exactOptional(),
  additionalVolumes: z
    .array(additionalVolume)
    .max(20, "is more than the 20 disks that are allowed for")
    .describe("More disks for the nodes; [] removes those that were there.")
    .exactOptional(),
};
