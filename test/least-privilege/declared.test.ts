import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { iamPolicy } from "../../src/operations/iam-policy.ts";
import { purposes } from "../../src/operations/purposes.ts";
import { derivedKinds, kinds } from "../../src/resources/index.ts";
import { files } from "../campaign/files.ts";
import { example, examples, parse } from "../support/account.ts";

const src = new URL("../../src", import.meta.url).pathname;

/** How IAM calls a service, by the name of its client. */
const services: Readonly<Record<string, string>> = {
  "auto-scaling": "autoscaling",
  "cloudwatch-logs": "logs",
  eventbridge: "events",
  "elastic-load-balancing": "elasticloadbalancing",
  "elastic-load-balancing-v2": "elasticloadbalancing",
};

/** Operations that the tool sends, by the files that import them: `FooCommand` and `paginateFoo`. */
function sent(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
    const file = relative(src, join(entry.parentPath, entry.name));
    if (!entry.isFile() || file.startsWith("sandbox/")) continue;
    const text = readFileSync(join(src, file), "utf8");
    for (const [, names = "", client = ""] of text.matchAll(
      /import \{([^}]*)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g,
    )) {
      for (const [, command, paginated] of names.matchAll(/\b(?:([A-Z]\w+)Command|paginate([A-Z]\w+))\b/g)) {
        const action = `${services[client] ?? client}:${command ?? paginated}`;
        found.set(action, [...(found.get(action) ?? []), file]);
      }
    }
  }
  return found;
}

/** What a policy has of every purpose, for files that between them make every kind of thing. */
function declared(): ReadonlySet<string> {
  const texts = [...examples.map(example), files.rich];
  const policies = texts.map((text) => iamPolicy(parse(text), { account: "*", purposes, optional: true }));
  return new Set(policies.flatMap(({ permissions }) => permissions.map(({ action }) => action)));
}

describe("the permissions that are declared", () => {
  it("cover every operation that is sent", () => {
    const known = declared();
    const operations = sent();
    expect(operations.size).toBeGreaterThan(80);
    expect([...operations.keys()].filter((action) => !known.has(action)).toSorted()).toEqual([
      // Listing all clusters is no matter of one cluster's file.
      "ec2:DescribeRegions",
      "eks:ListClusters",
      // Everybody may ask who they are.
      "sts:GetCallerIdentity",
    ]);
  });

  it("are actions that are sent, or that AWS checks by itself", () => {
    const operations = sent();
    expect([...declared()].filter((action) => !operations.has(action)).toSorted()).toEqual([
      // What a self-managed nodegroup's stack does, with the permissions of who asks for it.
      "autoscaling:AttachLoadBalancerTargetGroups",
      "autoscaling:AttachLoadBalancers",
      "autoscaling:CreateAutoScalingGroup",
      "autoscaling:DeleteAutoScalingGroup",
      "autoscaling:DetachLoadBalancerTargetGroups",
      "autoscaling:DetachLoadBalancers",
      "autoscaling:DisableMetricsCollection",
      "autoscaling:EnableMetricsCollection",
      "cloudformation:TagResource",
      "ec2:RunInstances",
      "iam:CreateServiceLinkedRole",
      "iam:PassRole",
      "kms:CreateGrant",
      // What the stacks of a trust anchor and a profile do, likewise.
      "rolesanywhere:CreateProfile",
      "rolesanywhere:CreateTrustAnchor",
      "rolesanywhere:DeleteProfile",
      "rolesanywhere:DeleteTrustAnchor",
      "rolesanywhere:GetProfile",
      "rolesanywhere:GetTrustAnchor",
      "rolesanywhere:ListTagsForResource",
      "rolesanywhere:TagResource",
      "rolesanywhere:UntagResource",
      "rolesanywhere:UpdateProfile",
      "rolesanywhere:UpdateTrustAnchor",
      "ssm:AddTagsToResource",
    ]);
  });

  it.each(kinds)("of $name say what each verb takes", ({ actions, updates, name }) => {
    expect(Object.keys(actions).toSorted()).toEqual(
      ["list", "read", "create", "delete", ...Object.keys(updates)].toSorted(),
    );
    if (/^(local|kube)\./.test(name)) return; // what Kubernetes lets one do is no matter of IAM
    for (const [verb, permissions] of Object.entries(actions)) {
      if (typeof permissions !== "function") expect([verb, permissions]).not.toEqual([verb, []]);
    }
  });

  it.each(derivedKinds)("of $name say what each verb takes", ({ actions }) => {
    expect(Object.keys(actions).toSorted()).toEqual(["delete", "list", "read"]);
    for (const [verb, permissions] of Object.entries(actions)) expect([verb, permissions]).not.toEqual([verb, []]);
  });

  it.each([...kinds, ...derivedKinds])("of $name say when, where they are conditional", ({ actions }) => {
    for (const permissions of Object.values(actions)) {
      const listed = typeof permissions === "function" ? permissions(undefined) : permissions;
      for (const one of listed ?? []) {
        if (one.need !== "required") expect(one.reason, one.action).toBeTruthy();
        expect(one.resources.length, one.action).toBeGreaterThan(0);
      }
    }
  });
});
