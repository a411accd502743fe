import http from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { durations } from "../../src/sandbox/durations.ts";
import type { World } from "../../src/sandbox/world.ts";
import { type Account, openTestAccount } from "../support/account.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function account(options?: Parameters<typeof openTestAccount>[0]): Promise<Account> {
  const opened = await openTestAccount(options);
  open.push(opened);
  return opened;
}

const region = "us-west-2";
const file = (groups: string, more = "") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
${more}
managedNodeGroups:
${groups}`;
const publicNodes = file("  - { name: a }\n  - { name: b, desiredCapacity: 3 }");
const privateNodes = file("  - { name: a, privateNetworking: true }", "vpc: { nat: { gateway: HighlyAvailable } }");
const withOidc = file("  - { name: a }", "iam: { withOIDC: true }");

/**
 * What AWS itself makes a create wait for, in seconds, whatever a tool does: a role has to be known, the control plane to
 * come up, then nodes (private ones need a NAT gateway), then what runs on nodes. Everything else fits beside it.
 */
function physicalSeconds(world: World, nodegroups: readonly string[], needsNat: boolean, needsOidc: boolean): number {
  const seconds = (name: Parameters<World["duration"]>[0], of: string) => world.duration(name, of) / 1000;
  const { iam, regions } = world.state;
  const roles = Object.keys(iam.roles);
  const propagation = (part: string) =>
    Math.max(0, ...roles.filter((name) => name.includes(part)).map((name) => seconds("iamPropagation", name)));
  const controlPlane = propagation("-cluster-") + seconds("clusterCreate", `${region}/demo`);
  const { natGateways = {}, subnets = {} } = regions[region]?.ec2 ?? {};
  const zones = Object.values(natGateways).map((gateway) => subnets[gateway.SubnetId]?.AvailabilityZone);
  const nat = needsNat ? Math.max(...zones.map((zone) => seconds("natGatewayCreate", `${region}/${zone}`))) : 0;
  const cni = needsOidc ? propagation("-addon-vpc-cni-") : 0;
  const nodes = nodegroups.map(
    (name) => Math.max(controlPlane + cni, nat) + seconds("nodegroupCreate", `${region}/demo/${name}`),
  );
  const onNodes = ["coredns", "metrics-server"].map((name) => seconds("addonCreate", `${region}/demo/${name}`));
  return Math.max(...nodes, Math.min(...nodes) + Math.max(...onNodes));
}

const cases = [
  ["public nodes", publicNodes, ["a", "b"], false, false],
  ["private nodes", privateNodes, ["a"], true, false],
  ["with OIDC", withOidc, ["a"], false, true],
] as const;

/** How long EC2 and IAM take to be consistent is drawn elsewhere: here the lag of their reads is the usual one. */
const { ec2Propagation, ec2Usability, iamVisibility } = durations;
const scenario = { durations: { ec2Propagation, ec2Usability, iamVisibility } };

describe("a fresh create takes as long as AWS does", () => {
  for (const [title, text, groups, nat, oidc] of cases) {
    it.each([undefined, 1, 2, 3, 4])(`${title}, durations drawn from seed %s`, async (seed) => {
      const { sandbox, create } = await account(seed === undefined ? {} : { seed, scenario });
      const { result } = await create(text);
      expect(result.outcome).toBe("done");
      const physical = physicalSeconds(sandbox.world, groups, nat, oidc);
      expect(physical).toBeGreaterThan(300);
      expect(result.seconds / physical).toBeLessThanOrEqual(1.05);
      expect(result.seconds / physical).toBeGreaterThanOrEqual(0.99);
    });
  }

  it("sends no UpdateClusterConfig, and asks for the control plane before the NAT gateway is there", async () => {
    const { sandbox, create } = await account();
    await create(privateNodes);
    const operations = sandbox.journal.map((entry) => entry.operation);
    expect(operations).not.toContain("UpdateClusterConfig");
    const at = (operation: string) =>
      sandbox.journal.find((entry) => entry.operation === operation && entry.outcome === "ok")?.at ?? NaN;
    expect(at("CreateCluster") - at("CreateNatGateway")).toBeLessThan(60_000);
    expect(at("CreateNodegroup")).toBeGreaterThan(at("CreateCluster"));
  });

  it("is the same to the second whether the server answers at once or after random delays", async () => {
    const plain = await account();
    const straight = await plain.create(publicNodes);
    const delayed = await account();
    const proxy = await delayingProxy(delayed.sandbox.endpoint);
    open.push(proxy);
    const { result } = await delayed.create(publicNodes, { endpoint: proxy.endpoint });
    expect(result.outcome).toBe("done");
    expect(Math.round(result.seconds)).toBe(Math.round(straight.result.seconds));
  });
});

describe("thirty nodegroups under AWS's request rates", () => {
  const groups = Array.from({ length: 30 }, (_, index) => `  - { name: ng-${index + 1} }`).join("\n");

  it("are planned and made, and no throttling reaches the user", async () => {
    const { sandbox, create, plan, events } = await account({ throttle: true });
    const { result } = await create(file(groups));
    expect(result.outcome).toBe("done");
    expect(result.failures).toEqual([]);
    expect(events.filter((event) => event.type === "step-failed")).toEqual([]);
    expect(Object.keys(sandbox.world.state.regions[region]?.eks.clusters["demo"]?.nodegroups ?? {})).toHaveLength(30);
    expect((await plan(file(groups))).changes).toBe(false);
    // The rates were felt, or this would prove nothing.
    expect(sandbox.journal.some((entry) => /Throttl|RequestLimitExceeded|TooManyRequests/.test(entry.outcome))).toBe(
      true,
    );
  });
});

/** Passes requests on after up to ten real milliseconds: answers come in another order every time. */
async function delayingProxy(target: string): Promise<{ endpoint: string; close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      setTimeout(() => {
        const forward = http.request(
          `${target}${request.url}`,
          { method: request.method, headers: request.headers },
          (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          },
        );
        forward.end(Buffer.concat(chunks));
      }, Math.random() * 10);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
