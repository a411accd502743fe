import type { Path } from "../../yaml.ts";
import { partitionOfRegion } from "../regions.ts";
import { forEachDisk } from "./disks.ts";
import type { Report, Rule } from "./rule.ts";

/** Documents of the user's own, which may speak of anything. */
const policyDocuments: ReadonlySet<string | number> = new Set(["attachPolicy", "permissionPolicy"]);

/** Every ARN of the file lies in the partition of the cluster's region. */
const partitions: Rule = (config, report) => {
  const region = config.metadata?.region;
  const partition = partitionOfRegion(region ?? "");
  if (region === undefined || partition === undefined) return;
  const visit = (value: unknown, path: Path, report: Report): void => {
    if (typeof value === "string") {
      const given = /^arn:([a-z-]+):/.exec(value)?.[1];
      if (given === undefined || given === partition) return;
      report(path, `is an ARN of the partition ${given}, but ${region} is in ${partition}`, {
        reads: [["metadata", "region"]],
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (!policyDocuments.has(key)) visit(child, [...path, Array.isArray(value) ? Number(key) : key], report);
      }
    }
  };
  visit(config, [], report);
};

/** Keys by their ARNs lie in the cluster's region. */
const keyRegions: Rule = (config, report) => {
  const region = config.metadata?.region;
  const check = (path: Path, key: string | undefined) => {
    const [, , , ofKey] = key?.split(":") ?? [];
    if (ofKey === undefined || region === undefined || ofKey === region) return;
    report(path, `the key is in ${ofKey}, but must be in the cluster's region ${region}`, {
      reads: [["metadata", "region"]],
    });
  };
  check(["secretsEncryption", "keyARN"], config.secretsEncryption?.keyARN);
  forEachDisk((disk, at) => check([...at, "volumeKmsKeyID"], disk.volumeKmsKeyID))(config, report);
};

export const arnRules: readonly Rule[] = [partitions, keyRegions];
