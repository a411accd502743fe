import type { Path } from "../../yaml.ts";
import { partitionOfRegion } from "../regions.ts";
import type { Rule } from "./rule.ts";

/** What the user says freely, of whatever there is. */
const free: ReadonlySet<string | number> = new Set(["attachPolicy", "permissionPolicy", "tags", "annotations"]);

/** Every ARN of the file lies in the partition of the cluster's region, and what is regional in that region. */
const places: Rule = (config, report) => {
  const region = config.metadata?.region;
  const partition = partitionOfRegion(region ?? "");
  if (region === undefined || partition === undefined) return;
  const details = { reads: [["metadata", "region"]] };
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === "string") {
      const [, ofPartition, service, ofRegion] = /^arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):/.exec(value) ?? [];
      if (ofPartition === undefined) return;
      if (ofPartition !== partition) {
        report(path, `is an ARN of the partition ${ofPartition}, but ${region} is in ${partition}`, details);
      } else if (ofRegion !== "" && ofRegion !== region) {
        const what = service === "kms" ? "the key" : "this";
        report(path, `${what} is in ${ofRegion}, but must be in the cluster's region ${region}`, details);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (!free.has(key)) visit(child, [...path, Array.isArray(value) ? Number(key) : key]);
      }
    }
  };
  visit(config, []);
};

export const arnRules: readonly Rule[] = [places];
