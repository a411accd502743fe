import * as z from "zod";
import { flag, instanceProfileName } from "./values.ts";

/** Karpenter, and what it needs of AWS. */
export const karpenter = z
  .strictObject({
    version: z
      .string()
      .regex(/^v?\d+\.\d+\.\d+$/, "must be a whole version of Karpenter, as 1.8.1")
      .describe("Version of Karpenter's chart, 0.20.0 or newer. Its authors support none before 1.0 any more."),
    createServiceAccount: flag()
      .meta({
        description:
          "Leave the service account karpenter/karpenter to the chart, which is told its role. Default: false.",
        default: false,
      })
      .exactOptional(),
    defaultInstanceProfile: instanceProfileName()
      .describe("Name of the instance profile that is made for its nodes. Default: a generated one.")
      .exactOptional(),
    withSpotInterruptionQueue: flag()
      .meta({
        description:
          "Make a queue, and the rules that fill it, by which Karpenter hears of interruptions and drains nodes in time. Default: false.",
        default: false,
      })
      .exactOptional(),
  })
  .describe("Karpenter: roles, instance profile, way in, queue, service account and chart. Default: none.");
