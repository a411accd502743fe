import { describe, expect, it } from "vitest";
import { denialOf } from "../../src/aws/denial.ts";
import { classify } from "../../src/aws/errors.ts";
import { iamPolicy, type PolicyDocument } from "../../src/operations/iam-policy.ts";
import { type Purpose, purposes } from "../../src/operations/purposes.ts";
import { files } from "../campaign/files.ts";
import { example, examples, parse } from "../support/account.ts";

const policyOf = (name: string, wanted: readonly Purpose[], account = "111122223333") =>
  iamPolicy(parse(example(name)), { account, purposes: wanted, optional: true });

function size(document: PolicyDocument): number {
  return JSON.stringify(document).replaceAll(/\s/gu, "").length;
}

/** Every action on every resource under its condition. */
function saidBy(documents: readonly PolicyDocument[]): readonly string[] {
  return documents
    .flatMap(({ Statement }) => Statement)
    .flatMap(({ Action, Resource, Condition }) =>
      Action.flatMap((action) => Resource.map((resource) => JSON.stringify([action, resource, Condition]))),
    )
    .toSorted();
}

describe("the policy of a file", () => {
  it.each(purposes)("for the quickstart, to %s, is this one", async (purpose) => {
    const { documents } = policyOf("quickstart.yaml", [purpose]);
    await expect(`${JSON.stringify(documents, null, 2)}\n`).toMatchFileSnapshot(`golden/quickstart-${purpose}.json`);
  });

  it.each(examples)("of %s fits into managed policies", (name) => {
    const { documents } = policyOf(name, purposes);
    for (const document of documents) expect(size(document)).toBeLessThanOrEqual(6144);
    // A role takes ten managed policies.
    expect(documents.length).toBeLessThanOrEqual(4);
  });

  it("says everything once, wherever it is split", () => {
    const { documents, permissions } = policyOf("production.yaml", purposes);
    const said = saidBy(documents);
    expect(documents.length).toBeGreaterThan(1);
    expect(new Set(said).size).toBe(said.length);
    const actions = new Set(documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)));
    expect([...actions].toSorted()).toEqual([...new Set(permissions.map(({ action }) => action))].toSorted());
  });

  it("does not depend on the order of what is asked for", () => {
    const one = policyOf("production.yaml", purposes);
    const other = policyOf("production.yaml", [...purposes].toReversed());
    expect(other.documents).toEqual(one.documents);
  });

  it("changes nothing for whoever is to read", () => {
    const actions = policyOf("production.yaml", ["read"]).permissions.map(({ action }) => action);
    expect(actions.filter((action) => !/:(Describe|List|Get|AssumeRole)/u.test(action))).toEqual([]);
  });

  it("names no action by a wildcard, and narrows whatever AWS can narrow", () => {
    for (const { action, resource, condition } of policyOf("production.yaml", purposes).permissions) {
      expect(action).toMatch(/^[a-z0-9]+:[A-Z]\w+$/u);
      const isRead = /:(Describe|List)/u.test(action);
      if (resource === "*" && !isRead) expect([action, condition]).toEqual(["eks:CreateCluster", expect.anything()]);
    }
  });

  it("lets no policy be attached but those of the file", () => {
    const attached = policyOf("production.yaml", ["apply"]).permissions.filter(
      ({ action }) => action === "iam:AttachRolePolicy",
    );
    expect(attached.length).toBeGreaterThan(3);
    for (const { condition, resource } of attached) {
      expect(resource).toBe("arn:aws:iam::111122223333:role/ekstool/eu-west-1/production/*");
      expect(condition?.["ArnLike"]?.["iam:PolicyARN"]?.[0]).toMatch(/^arn:aws:iam::aws:policy\/[\w/-]+$/u);
    }
  });

  it("is for any account, where none is named", () => {
    const { documents } = policyOf("quickstart.yaml", ["create"], "*");
    const text = JSON.stringify(documents);
    expect(text).toContain("arn:aws:eks:us-west-2:*:cluster/quickstart");
    expect(text).not.toContain("111122223333");
    expect(text).not.toContain("${");
  });

  it("has the ARNs of the region's partition", () => {
    const file = example("quickstart.yaml").replaceAll("us-west-2", "cn-north-1");
    const { documents } = iamPolicy(parse(file), { account: "*", purposes, optional: true });
    expect(JSON.stringify(documents)).not.toContain("arn:aws:");
    expect(JSON.stringify(documents)).toContain("arn:aws-cn:iam::*:role/ekstool/cn-north-1/quickstart/*");
  });

  it("names keys by their ARNs, and those behind an alias by all of the region", () => {
    const file = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
nodeGroups:
  - { name: a, volumeEncrypted: true, volumeKmsKeyID: alias/disks }
  - { name: b, volumeEncrypted: true, volumeKmsKeyID: 1234abcd-12ab-34cd-56ef-1234567890ab }
  - { name: c, volumeEncrypted: true, volumeKmsKeyID: "arn:aws:kms:us-west-2:444455556666:alias/disks" }
`;
    const { permissions } = iamPolicy(parse(file), { account: "111122223333", purposes: ["read"], optional: true });
    const keys = permissions.filter(({ action }) => action === "kms:DescribeKey").map(({ resource }) => resource);
    expect(keys.toSorted()).toEqual([
      "arn:aws:kms:us-west-2:111122223333:key/*",
      "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms:us-west-2:444455556666:key/*",
    ]);
  });

  it("leaves out what the tool can go on without, where that is asked for", () => {
    const bare = parse(files["control-plane"]);
    const actions = (optional: boolean) =>
      iamPolicy(bare, { account: "*", purposes: ["read"], optional }).permissions.map(({ action }) => action);
    const left = new Set(actions(false));
    expect(actions(true).filter((action) => !left.has(action))).toEqual(["eks:DescribeAddonVersions"]);
  });
});

describe("what a refusal is about", () => {
  const user = "User: arn:aws:iam::111122223333:user/jo";

  it.each([
    [
      `${user} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/x because no identity-based policy allows the iam:PassRole action`,
      { action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/x", explicit: false },
    ],
    [
      `${user} is not authorized to perform: iam:GetRole on resource: role demo with an explicit deny in an identity-based policy`,
      { action: "iam:GetRole", resource: "role demo", explicit: true },
    ],
    [
      `You are not authorized to perform this operation. ${user} is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action`,
      { action: "ec2:DescribeVpcs", explicit: false },
    ],
    [
      "Failed to validate if SLR: AWSServiceRoleForAmazonEKSNodegroup already exists due to missing permissions for 'iam:GetRole'",
      { action: "iam:GetRole", resource: "AWSServiceRoleForAmazonEKSNodegroup", explicit: false },
    ],
    [
      "You are not authorized to launch instances with this launch template. Encoded authorization failure message: x",
      { action: "ec2:RunInstances", resource: "the launch template", explicit: false },
    ],
  ])("%s", (message, denial) => {
    expect(denialOf(message, undefined)).toEqual(denial);
  });

  it("is the call itself where AWS says no more", () => {
    const call = { service: "eks", operation: "CreateCluster", repeatable: true };
    expect(denialOf("no", call)).toEqual({ action: "eks:CreateCluster", explicit: false });
  });

  it("is not waited for as if it were a role that is not known everywhere yet", () => {
    const refusal =
      "Failed to create service linked role: AWSServiceRoleForAmazonEKSNodegroup due to missing permissions for 'iam:CreateServiceLinkedRole'";
    expect(classify(Object.assign(new Error(refusal), { name: "InvalidRequestException" }))).toBeUndefined();
  });
});
