import * as z from "zod";
import { flag, kmsKeyArn } from "./values.ts";

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** Days that CloudWatch Logs can keep events. */
const retentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653] as const;

export const cloudWatch = z
  .strictObject({
    clusterLogging: z
      .strictObject({
        enableTypes: z
          .array(z.enum([...logTypes, "all", "*"]))
          .describe("Logs of the control plane to send to CloudWatch; all or * for every one. Default: none.")
          .exactOptional(),
        logRetentionInDays: z
          .literal([0, ...retentionDays])
          .describe("Days that the log group keeps events; 0 is for ever, too. Default: for ever.")
          .exactOptional(),
      })
      .describe("Logs of the control plane.")
      .exactOptional(),
  })
  .describe("CloudWatch.");

export const secretsEncryption = z
  .strictObject({
    keyARN: kmsKeyArn().describe(
      "ARN of the KMS key, in the cluster's region. Can be set later, but neither changed nor removed.",
    ),
  })
  .describe("Encrypt Kubernetes secrets with a KMS key of yours. Default: a key that AWS owns.");

export const zonalShiftConfig = z
  .strictObject({
    enabled: flag()
      .describe("Let ARC zonal shift move traffic away from an impaired zone. Default: false.")
      .exactOptional(),
  })
  .describe("ARC zonal shift.");

export const deletionProtection = flag().describe(
  "Refuse to delete the cluster until this is off again, whoever asks and with whatever tool. Default: false.",
);

export const controlPlaneScalingConfig = z
  .strictObject({
    tier: z
      .enum(["standard", "tier-xl", "tier-2xl", "tier-4xl", "tier-8xl"])
      .describe("Capacity that is kept for the control plane. Default: standard, which scales by itself.")
      .exactOptional(),
  })
  .describe("Capacity of the control plane.");
