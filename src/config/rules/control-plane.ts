import { nearestRegion, partitionOfRegion } from "../regions.ts";
import type { Rule } from "./rule.ts";

const region: Rule = ({ metadata }, report) => {
  const name = metadata?.region;
  if (name === undefined || partitionOfRegion(name) !== undefined) return;
  const meant = nearestRegion(name);
  report(["metadata", "region"], `"${name}" is no AWS region`, {
    hint: meant === undefined ? "a region is written as us-west-2" : `did you mean ${meant}?`,
  });
};

const clusterRole: Rule = ({ iam }, report) => {
  if (iam?.serviceRoleARN === undefined || iam.serviceRolePermissionsBoundary === undefined) return;
  report(["iam", "serviceRolePermissionsBoundary"], "cannot stand beside serviceRoleARN: a given role is not changed", {
    at: "key",
  });
};

const logging: Rule = ({ cloudWatch }, report) => {
  const { enableTypes, logRetentionInDays } = cloudWatch?.clusterLogging ?? {};
  if (!logRetentionInDays || (enableTypes?.length ?? 0) > 0) return;
  report(["cloudWatch", "clusterLogging", "logRetentionInDays"], "needs enableTypes: no log is on", {
    at: "key",
    reads: [["cloudWatch", "clusterLogging", "enableTypes"]],
  });
};

const endpoints: Rule = ({ vpc }, report) => {
  const { publicAccess, privateAccess } = vpc?.clusterEndpoints ?? {};
  if (publicAccess !== false || privateAccess === true) return;
  report(["vpc", "clusterEndpoints"], "leaves the Kubernetes API without any endpoint", {
    at: "key",
    hint: "set publicAccess or privateAccess to true",
    reads: [["vpc", "clusterEndpoints", "privateAccess"]],
  });
};

export const controlPlaneRules: readonly Rule[] = [region, clusterRole, logging, endpoints];
