import * as z from "zod";
import { clusterName, flag, tags, text, wholeNumber } from "./values.ts";

/** What somebody wrote who knows versions in another form. */
function versionFlaw(text: string): string {
  const minor =
    /^\s*v?(1\.[1-9]\d?)(?:\.\d+\S*)?\s*$/.exec(text)?.[1] ??
    /^(?:default|auto|latest)$/.exec(text.trim().toLowerCase())?.[0];
  return minor === undefined ? "" : `: write ${minor.startsWith("1") ? `"${minor}"` : minor}`;
}

export const metadata = z
  .strictObject({
    name: clusterName().describe("Name of the cluster, unique in its region. At most 100 letters, digits and hyphens."),
    region: text().describe("AWS region, as us-west-2. New regions need no new release."),
    version: z
      .string()
      .regex(/^(?:1\.[1-9]\d?|default|auto|latest)$/, {
        error: ({ input }) =>
          `must be a Kubernetes version such as "1.34", or default, auto or latest${versionFlaw(String(input))}`,
      })
      .meta({
        description:
          'Kubernetes version, quoted: "1.34". default and auto: the one that EKS takes by itself, chosen once at creation; ' +
          "latest: the newest that EKS offers. Default: default.",
        examples: ["1.34", "default", "latest"],
      })
      .exactOptional(),
    tags: tags()
      .describe("Tags for every resource that is made for the cluster. At most 40, beside those that ekstool sets.")
      .exactOptional(),
    annotations: z.record(z.string(), z.string()).describe("Notes of your own; read by nothing.").exactOptional(),
    forceUpdateVersion: flag()
      .describe("Upgrade the control plane although EKS upgrade insights report problems. Default: false.")
      .exactOptional(),
    rollbackConfig: z
      .strictObject({
        timeoutMinutes: wholeNumber(120, 10_080)
          .describe(
            "Minutes after which EKS gives up going back to the version before, 120 to 10080; the nodes of Auto Mode go back first. " +
              "Default: 720, set by EKS.",
          )
          .exactOptional(),
      })
      .describe("How `upgrade cluster` takes the control plane back by one minor version.")
      .exactOptional(),
  })
  .describe("Which cluster this file is about.");

export const upgradePolicy = z
  .strictObject({
    supportType: z
      .enum(["STANDARD", "EXTENDED"])
      .describe(
        "What happens at the end of a version's standard support: STANDARD upgrades by itself, EXTENDED stays at extra cost. " +
          "Default: EXTENDED, set by EKS.",
      )
      .exactOptional(),
  })
  .describe("How the cluster's Kubernetes version ages.");
