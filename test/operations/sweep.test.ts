import {
  DeleteLoadBalancerCommand,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { UpdateClusterConfigCommand } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proposeDelete } from "../../src/operations/cluster.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { contents } from "../support/holdings.ts";
import { busyCluster, busyAccount, loggingFile } from "../support/kubernetes.ts";

const region = "us-west-2";

let base: Account;
let nothing: unknown;
beforeAll(async () => {
  base = await openTestAccount();
  await base.rest();
  nothing = contents(base.sandbox);
  expect(failuresOf(await base.create(loggingFile()))).toEqual([]);
}, 60_000);
afterAll(() => base.close());

describe("a cluster in which Kubernetes was at work", () => {
  it("goes with all that was made for it, in order", async () => {
    const account = await busyAccount(base);
    account.changes();
    const deleted = await account.delete("demo", region, { volumes: "delete" });
    expect(failuresOf(deleted)).toEqual([]);
    expect(deleted.output).toMatchObject({ kept: [], leftovers: [] });
    expect(new Set(deleted.output?.swept.map(({ kind }) => kind))).toEqual(
      new Set([
        "ec2.instance",
        "iam.derived-instance-profile",
        "elb.classic-load-balancer",
        "elb.load-balancer",
        "elb.target-group",
        "ec2.derived-security-group-rule",
        "ec2.derived-security-group",
        "ec2.network-interface",
        "ec2.cluster-security-group",
        "ec2.volume",
      ]),
    );
    const order = account
      .changes()
      .filter(({ outcome }) => outcome === "ok")
      .map(({ operation }) => operation);
    const first = (operation: string) => order.indexOf(operation);
    expect(first("TerminateInstances")).toBeLessThan(first("DeleteCluster"));
    expect(first("DeleteNodegroup")).toBeLessThan(first("DeleteCluster"));
    expect(first("DeleteCluster")).toBeLessThan(first("DeleteLoadBalancer"));
    expect(order.lastIndexOf("DeleteLoadBalancer")).toBeLessThan(order.lastIndexOf("DeleteSubnet"));
    expect(order.at(-1)).toBe("DeleteLogGroup");
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("shows all of it beforehand, and keeps volumes unless their deletion is asked for", async () => {
    const account = await busyAccount(base);
    const proposal = await proposeDelete(account.session(region), "demo");
    const derived = proposal.items.filter(({ owner }) => owner === "derived");
    const [volume] = Object.keys(account.sandbox.world.region(region).ec2.volumes).filter(
      (id) => account.sandbox.world.region(region).ec2.volumes[id]?.Size === 10,
    );
    expect(derived.filter(({ verb }) => verb === "keep")).toEqual([
      expect.objectContaining({ kind: "ec2.volume", ref: volume, reason: "10 GiB, of the claim data" }),
    ]);
    expect(derived.filter(({ kind }) => kind === "elb.load-balancer").map(({ verb }) => verb)).toEqual([
      "delete",
      "delete",
    ]);
    const { result, output } = await proposal.run({ onFailure: "keep" });
    expect(result.outcome).toBe("done");
    expect(output?.kept).toEqual([expect.objectContaining({ ref: volume, because: "10 GiB, of the claim data" })]);
    await account.rest();
    expect(Object.keys(account.sandbox.world.region(region).ec2.volumes)).toEqual([volume]);
  });

  it("leaves nothing that came between plan and execution, or was made again meanwhile", async () => {
    const account = closing(await base.fork());
    const proposal = await proposeDelete(account.session(region), "demo", { volumes: "delete" });
    expect(proposal.items.filter(({ owner }) => owner === "derived")).toEqual([]);
    account.sandbox.scenario({ kubernetes: [{ ...busyCluster, karpenterNodes: 3 }] });
    const finished = await proposal.run({ onFailure: "keep" });
    expect(failuresOf(finished)).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("ends empty when the run is stopped half-way and started again", async () => {
    const account = await busyAccount(base);
    const stop = new AbortController();
    void account.sandbox.clock.sleep(400_000).then(() => stop.abort());
    const first = await account.delete("demo", region, { volumes: "delete", interrupt: stop.signal });
    expect(first.result.outcome).toBe("interrupted");
    expect(account.sandbox.world.region(region).eks.clusters).toEqual({});
    expect(failuresOf(await account.delete("demo", region, { volumes: "delete" }))).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("is swept, too, when its creation is rolled back", async () => {
    const account = closing(await openTestAccount());
    await account.rest();
    const failure = { resource: "nodegroup", name: "web", code: "NodeCreationFailure", message: "no way" } as const;
    account.sandbox.scenario({ failures: [failure], kubernetes: [{ ...busyCluster, volumes: [] }] });
    const { result } = await account.create(loggingFile(), { onFailure: "rollback" });
    expect(result.outcome).toBe("failed");
    expect(result.leftovers).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});

describe("the log group", () => {
  it("is deleted once more when EKS delivers logs after its deletion", async () => {
    const account = closing(await base.fork());
    account.sandbox.scenario({ kubernetes: [{ cluster: "demo", lateLogs: 100 }] });
    const deleted = await account.delete("demo", region);
    expect(failuresOf(deleted)).toEqual([]);
    expect(deleted.output?.swept.map(({ kind }) => kind)).toContain("logs.late-log-group");
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("stays, and is listed, when it was there before the cluster", async () => {
    const account = closing(await openTestAccount());
    const { logs } = account.session(region).clients;
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/eks/demo/cluster" }));
    expect(failuresOf(await account.create(loggingFile()))).toEqual([]);
    const { result, output } = await account.delete("demo", region);
    expect(result.outcome).toBe("done");
    expect(output?.kept).toEqual([
      expect.objectContaining({
        ref: "/aws/eks/demo/cluster",
        because: expect.stringContaining("somebody else") as string,
      }),
    ]);
    expect(Object.keys(account.sandbox.world.region(region).logs.groups)).toEqual(["/aws/eks/demo/cluster"]);
  });
});

describe("what is protected", () => {
  it("keeps everything from being deleted: the cluster's own protection", async () => {
    const account = closing(await base.fork());
    expect(failuresOf(await account.apply(loggingFile("deletionProtection: true")))).toEqual([]);
    account.changes();
    const proposal = await proposeDelete(account.session(region), "demo");
    expect(proposal.items.filter(({ verb }) => verb === "refuse")).toEqual([
      expect.objectContaining({ id: "cluster", reason: expect.stringContaining("--no-deletion-protection") as string }),
    ]);
    await expect(proposal.run({ onFailure: "keep" })).rejects.toThrow(/deletion protection is on/);
    expect(account.changes()).toEqual([]);
    await account
      .session(region)
      .clients.eks.send(new UpdateClusterConfigCommand({ name: "demo", deletionProtection: false }));
    await account.rest();
    expect(failuresOf(await account.delete("demo", region))).toEqual([]);
  });

  it("keeps everything from being deleted: that of a load balancer", async () => {
    const account = await busyAccount(base, {
      cluster: "demo",
      loadBalancers: [{ name: "api", type: "network", deletionProtection: true }],
    });
    account.changes();
    const [arn = ""] = Object.keys(account.sandbox.world.region(region).elbv2.loadBalancers);
    const proposal = await proposeDelete(account.session(region), "demo");
    await expect(proposal.run({ onFailure: "keep" })).rejects.toThrow(arn);
    expect(account.changes()).toEqual([]);
    const { elbv2 } = account.session(region).clients;
    const off = [{ Key: "deletion_protection.enabled", Value: "false" }];
    await elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: arn, Attributes: off }));
    account.sandbox.scenario({});
    await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    expect(failuresOf(await account.delete("demo", region))).toEqual([]);
  });

  it("keeps a creation from being rolled back by half", async () => {
    const account = closing(await openTestAccount());
    const failure = { resource: "nodegroup", name: "web", code: "NodeCreationFailure", message: "no way" } as const;
    account.sandbox.scenario({ failures: [failure] });
    const { result } = await account.create(loggingFile("deletionProtection: true"), { onFailure: "rollback" });
    expect(result).toMatchObject({ outcome: "failed", rolledBack: [], leftovers: [] });
    expect(account.events).toContainEqual(
      expect.objectContaining({
        type: "note",
        text: expect.stringMatching(/nothing is rolled back: EKS cluster demo/),
      }),
    );
    expect(account.sandbox.world.region(region).eks.clusters["demo"]?.status).toBe("ACTIVE");
  });

  it("is rolled back all the same when the control plane never came up", async () => {
    const account = closing(await openTestAccount());
    await account.rest();
    const failure = { resource: "cluster", name: "demo", code: "InternalFailure", message: "no way" } as const;
    account.sandbox.scenario({ failures: [failure] });
    const { result } = await account.create(loggingFile("deletionProtection: true"));
    expect(result).toMatchObject({ outcome: "failed", leftovers: [] });
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});
