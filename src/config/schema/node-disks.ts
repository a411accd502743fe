import * as z from "zod";
import { defaultVolumeSize, defaultVolumeType } from "../default-values.ts";
import { flag, text, wholeNumber } from "./values.ts";

/** The keys of a nodegroup that say what its nodes' disk is. */
export const nodeDisk = {
  volumeSize: wholeNumber(1, 65_536)
    .meta({ description: `Size of the nodes' disk in GiB. Default: ${defaultVolumeSize}.`, default: defaultVolumeSize })
    .exactOptional(),
  volumeType: z
    .enum(["gp3", "gp2", "io1", "io2", "sc1", "st1"])
    .meta({ description: "EBS type of the nodes' disk. Default: gp3.", default: defaultVolumeType })
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
  volumeKmsKeyID: text()
    .describe(
      "KMS key that encrypts the disk: its id, ARN or alias. Needs volumeEncrypted. Default: the account's key for EBS.",
    )
    .exactOptional(),
};
