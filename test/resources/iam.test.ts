import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
  CreateRoleCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { globalName, rolePath } from "../../src/aws/names.ts";
import { oidcProvider } from "../../src/resources/iam/oidc-provider.ts";
import { type PolicyDocument, role, type RoleSpec } from "../../src/resources/iam/role.ts";
import { bringIn, differing, kept, make, openPlace, type Place, remove, wanting } from "./driver.ts";

const policy = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const allow = (Action: string): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: [Action], Resource: "*" }],
});

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.sandbox.close());

const owner = { region: "us-west-2", cluster: "demo" };
const name = globalName(owner, "nodegroup-ng");
const spec: RoleSpec = {
  path: rolePath(owner),
  description: "Nodes of ng",
  trust: { kind: "service", services: ["ec2.amazonaws.com"], tagSession: false },
  managedPolicyArns: [policy("AmazonEKSWorkerNodePolicy"), policy("AmazonEC2ContainerRegistryPullOnly")],
  inlinePolicies: { PolicyAutoScaling: allow("autoscaling:DescribeTags") },
  tags: { Name: "demo" },
};
const want = (change: Partial<RoleSpec> = {}) =>
  wanting("role/nodegroup/ng", { ...spec, ...change }, { oidcProviders: [], trustAnchors: [] }, name);

describe("role", () => {
  it("is made with its tags, and complete when its policies are in", async () => {
    const { ref } = await role.create(want(), place.ctx);
    const { live, groups } = await bringIn(role, want(), ref, place.ctx);
    expect(groups).toEqual(["policies"]);
    expect(place.changes()).toEqual(["CreateRole", "AttachRolePolicy", "AttachRolePolicy", "PutRolePolicy"]);
    expect(live).toMatchObject({ id: "role/nodegroup/ng", ref: name, owner: "us", phase: "ready" });
    expect(live.attrs.path).toBe("/ekstool/us-west-2/demo/");
    expect(live.attrs.arn).toBe(`arn:aws:iam::111122223333:role/ekstool/us-west-2/demo/${name}`);
    expect(live.attrs.roleId).toMatch(/^AROA/);
  });

  it("is listed by its path, or by its mark where it can have none; never for another region's cluster", async () => {
    await make(role, want(), place.ctx);
    const atRoot = wanting(
      "role/nodegroup/old",
      { ...spec, path: "/" },
      { oidcProviders: [], trustAnchors: [] },
      "chosen-by-the-user",
    );
    await make(role, atRoot, place.ctx);
    await place.ctx.clients.iam.send(
      new CreateRoleCommand({
        RoleName: "stranger",
        AssumeRolePolicyDocument: JSON.stringify(trustOf("ec2.amazonaws.com")),
      }),
    );
    const ids = async (id?: string) => (await role.list(place.ctx, id)).map((live) => live.id).toSorted();
    expect(await ids()).toEqual(["role/nodegroup/ng", "role/nodegroup/old"]);
    expect(await ids("role/nodegroup/old")).toEqual(["role/nodegroup/old"]);
    expect(await role.list(place.elsewhere("eu-west-1", "demo"))).toEqual([]);
    expect(await role.find("stranger", place.ctx)).toMatchObject({ owner: "foreign", id: "" });
    expect(await role.find("nobody", place.ctx)).toBeNull();
  });

  it("adds, changes and takes off its own policies, and keeps those of others", async () => {
    const { ref } = await make(role, want(), place.ctx);
    const { iam } = place.ctx.clients;
    const foreign = policy("AmazonSSMManagedInstanceCore");
    await iam.send(new AttachRolePolicyCommand({ RoleName: ref, PolicyArn: foreign }));
    const byHand = JSON.stringify(allow("s3:GetObject"));
    await iam.send(new PutRolePolicyCommand({ RoleName: ref, PolicyName: "by-hand", PolicyDocument: byHand }));
    expect((await bringIn(role, want(), ref, place.ctx)).groups).toEqual([]);
    place.changes();

    const change = want({
      managedPolicyArns: [policy("AmazonEKSWorkerNodePolicy"), policy("AmazonEKS_CNI_Policy")],
      inlinePolicies: { PolicyAutoScaling: allow("autoscaling:SetDesiredCapacity") },
    });
    const { live, groups } = await bringIn(role, change, ref, place.ctx);
    expect(groups).toEqual(["policies"]);
    expect(place.changes()).toEqual(["TagRole", "AttachRolePolicy", "PutRolePolicy", "DetachRolePolicy", "TagRole"]);
    expect(live.attrs.managedPolicyArns.toSorted()).toEqual(
      [policy("AmazonEKSWorkerNodePolicy"), policy("AmazonEKS_CNI_Policy"), foreign].toSorted(),
    );
    expect(Object.keys(live.attrs.inlinePolicies).toSorted()).toEqual(["PolicyAutoScaling", "by-hand"]);
    expect(kept(role, "managedPolicies", change, live)).toEqual([foreign]);
    expect(kept(role, "inlinePolicies", change, live)).toEqual(["by-hand"]);

    const none = await bringIn(role, want({ managedPolicyArns: [], inlinePolicies: {} }), ref, place.ctx);
    expect(none.live.attrs.managedPolicyArns).toEqual([foreign]);
    expect(Object.keys(none.live.attrs.inlinePolicies)).toEqual(["by-hand"]);
  });

  it("means the same by a list of one and its element", async () => {
    const { ref } = await role.create(want({ managedPolicyArns: [], inlinePolicies: {} }), place.ctx);
    const reworded = { Version: "2012-10-17", Statement: trustOf("ec2.amazonaws.com").Statement[0] };
    await place.ctx.clients.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: ref, PolicyDocument: JSON.stringify(reworded) }),
    );
    const live = await role.read(ref, place.ctx);
    if (!live) throw new Error("the role is gone");
    expect(differing(role, want({ managedPolicyArns: [], inlinePolicies: {} }), live)).toEqual([]);
  });

  it("is deleted with what others have put on it, unless an instance profile holds it", async () => {
    const { ref } = await make(role, want(), place.ctx);
    const { iam } = place.ctx.clients;
    await iam.send(new AttachRolePolicyCommand({ RoleName: ref, PolicyArn: policy("ReadOnlyAccess") }));
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "karpenter" }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "karpenter", RoleName: ref }));
    const live = await role.read(ref, place.ctx);
    if (!live) throw new Error("the role is gone");
    await expect(role.delete(live, place.ctx)).rejects.toThrow(/instance profile/);
    expect(await role.read(ref, place.ctx)).toEqual(live);
    expect(await role.holders?.(live, place.ctx)).toEqual([
      { name: expect.stringContaining("instance-profile/karpenter") as string, leaves: false },
    ]);
    const profile = { InstanceProfileName: "karpenter", RoleName: ref };
    await iam.send(new RemoveRoleFromInstanceProfileCommand(profile));
    await remove(role, ref, place.ctx);
    expect(await role.list(place.ctx)).toEqual([]);
  });

  it("gives services the names of the partition, and reads them back as specs have them", async () => {
    const ctx = place.elsewhere("cn-north-1", "demo");
    const { ref } = await role.create(want({ managedPolicyArns: [], inlinePolicies: {} }), ctx);
    const { Role } = await ctx.clients.iam.send(new GetRoleCommand({ RoleName: ref }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toContain('"ec2.amazonaws.com.cn"');
    const live = await role.read(ref, ctx);
    if (!live) throw new Error("the role is gone");
    expect(differing(role, want({ managedPolicyArns: [], inlinePolicies: {} }), live)).toEqual([]);
  });
});

function trustOf(service: string) {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
}

describe("OIDC identity provider", () => {
  const issuer = "oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
  const deps = { cluster: { oidcIssuer: `https://${issuer}` } };
  const provider = wanting("oidc-provider", { tags: { Name: "demo" } }, deps);

  it("is made for the cluster's issuer and found by its tags", async () => {
    const live = await make(oidcProvider, provider, place.ctx);
    expect(place.changes()).toEqual(["CreateOpenIDConnectProvider"]);
    expect(live.attrs).toMatchObject({ issuer, clientIds: ["sts.amazonaws.com"] });
    expect((await oidcProvider.list(place.ctx)).map(({ ref }) => ref)).toEqual([live.ref]);
    expect(await oidcProvider.list(place.elsewhere("us-west-2", "other"))).toEqual([]);
    const other = wanting("oidc-provider", provider.spec, { cluster: { oidcIssuer: `${deps.cluster.oidcIssuer}0` } });
    expect(differing(oidcProvider, other, live)).toEqual(["issuer"]);
    await remove(oidcProvider, live.ref, place.ctx);
    expect(await oidcProvider.list(place.ctx)).toEqual([]);
  });

  it("is what a role for a service account trusts", async () => {
    const live = await make(oidcProvider, provider, place.ctx);
    const subject = "system:serviceaccount:kube-system:aws-node";
    const irsa = wanting(
      "role/addon/vpc-cni",
      { ...spec, trust: { kind: "oidc" as const, subject }, managedPolicyArns: [], inlinePolicies: {} },
      { oidcProviders: [live.attrs], trustAnchors: [] },
      globalName(owner, "addon-vpc-cni"),
    );
    const made = await make(role, irsa, place.ctx);
    expect(made.attrs.trust).toEqual({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { Federated: live.ref },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: subject } },
      },
    });
  });
});
