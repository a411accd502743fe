import * as z from "zod";
import { labelKey, roleArn, tags, text, uniqueList } from "./values.ts";

/** EKS's fixed limits: selectors of a profile, and labels of a selector. */
const most = 5;

const selector = z
  .strictObject({
    namespace: z
      .string()
      .regex(
        /^[-a-z0-9*?]{1,63}$/,
        "must be a namespace: at most 63 lower-case letters, digits and hyphens, or a pattern with * and ?",
      )
      .describe("Namespace of the pods; * and ? stand for any characters and for one."),
    labels: z
      .record(
        labelKey(),
        z
          .string()
          .regex(
            /^[A-Za-z0-9_.*?-]{0,63}$/,
            "must be a label value: at most 63 letters, digits and _.-, or a pattern with * and ?",
          ),
      )
      .check((context) => {
        if (Object.keys(context.value).length <= most) return;
        const message = `EKS allows at most ${most} labels in a selector`;
        context.issues.push({ code: "custom", input: context.value, message });
      })
      .describe("Labels that the pods must all have; values may be patterns. Default: none.")
      .exactOptional(),
  })
  .describe("Pods that run on Fargate.");

export const fargateProfile = z.strictObject({
  name: z
    .string()
    .regex(
      /^[0-9A-Za-z][0-9A-Za-z_-]{0,62}$/,
      "must begin with a letter or digit, and hold at most 63 letters, digits, hyphens and underscores",
    )
    .regex(/^(?!eks-)/, "must not begin with eks-, which EKS keeps for itself")
    .describe("Name of the profile."),
  selectors: z
    .array(selector)
    .min(1, "needs at least one selector")
    .max(most, `EKS allows at most ${most} selectors in a profile`)
    .describe("Which pods run on Fargate: those that fit any of these, at most five."),
  podExecutionRoleARN: roleArn()
    .describe("An existing role for the profile's pods. Default: iam.fargatePodExecutionRoleARN, or one that is made.")
    .exactOptional(),
  subnets: uniqueList(text())
    .min(1, "must name a subnet, or be left out")
    .describe(
      "Private subnets for the profile's pods: zones of the cluster's own VPC; in a given one zones, keys of vpc.subnets.private, or ids. " +
        "Default: all private ones of the cluster.",
    )
    .exactOptional(),
  tags: tags().describe("Tags of the profile, beside metadata.tags.").exactOptional(),
});
