import { CreateVpcCommand } from "@aws-sdk/client-ec2";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, describe, it, onTestFinished } from "vitest";
import { InputError } from "../../src/errors.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { parseScenario, readTroubles } from "../../src/sandbox/scenario.ts";
import { clientsOf, refusal } from "./clients.ts";

const whole = `
faults:
  - { service: eks, operation: CreateNodegroup, nth: 1, effect: throttle }
failures:
  - { resource: nodegroup, name: workers, code: NodeCreationFailure, message: no way, times: 1 }
  - { resource: addon, name: coredns, code: AdmissionRequestDenied, message: no, status: DEGRADED }
quotas: { addresses: 1, nodegroups: 2 }
durations: { clusterCreate: 60 }
zonesWithoutControlPlane: [us-west-2d]
shortages: [{ instanceType: m5.large, zone: us-west-2a }]
ownUpdates: [{ cluster: demo }]
insights: [{ cluster: demo, name: Deprecated APIs, kubernetesVersion: "1.35", status: ERROR }]
`;

describe("a file of troubles", () => {
  it("is written by hand, with what is left out as it usually is", () => {
    const { faults, scenario } = readTroubles(whole);
    expect(faults).toHaveLength(1);
    expect(scenario).toMatchObject({
      quotas: { addresses: 1, nodegroups: 2 },
      ownUpdates: [{ cluster: "demo", after: "created", type: "ConfigUpdate", delaySeconds: 0, seconds: 120 }],
      insights: [{ category: "UPGRADE_READINESS", recommendation: "" }],
    });
    expect(readTroubles("quotas: { vpcs: 1 }")).toMatchObject({
      faults: [],
      scenario: { failures: [], shortages: [] },
    });
  });

  it("may be a list of fault rules alone", () => {
    const { faults, scenario } = readTroubles("- { effect: throttle }");
    expect([faults.length, scenario.failures]).toEqual([1, []]);
  });

  it.each([
    ["failurs: []", /Unrecognized key: "failurs"/],
    ["quotas: { eips: 1 }", /quotas/],
    ["quotas: { vpcs: -1 }", /quotas\.vpcs/],
    ["faults: [{ effect: explode }]", /faults\[0\]\.effect/],
    ["failures: [{ resource: addon, name: a, code: NodeCreationFailure, message: m }]", /failures\[0\]\.code/],
    ["failures: [{ resource: nodegroup, name: a, code: Unknown, message: m, status: DEGRADED }]", /"status"/],
    ["shortages: [{ type: m5.large }]", /shortages\[0\]/],
    ['insights: [{ cluster: c, name: n, kubernetesVersion: "latest", status: ERROR }]', /a Kubernetes minor/],
    ["quotas: [", /1:/],
  ])("with a mistake is refused: %s", (text, message) => {
    expect(() => readTroubles(text)).toThrow(InputError);
    expect(() => readTroubles(text)).toThrow(message);
  });

  it("is refused with every problem in it", () => {
    const wrong = { quotas: { vpcs: -1 }, shortages: [{ zone: 1 }] };
    expect(() => parseScenario(wrong)).toThrow(/quotas\.vpcs[\s\S]*shortages\[0\]\.zone/);
  });
});

it("what an account was told it remembers, until it is told otherwise", async () => {
  const state = mkdtempSync(join(tmpdir(), "sandbox-scenario-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const vpc = async (options: Parameters<typeof startTestSandbox>[0]) => {
    const sandbox = await startTestSandbox({ state, ...options });
    try {
      return await refusal(clientsOf(sandbox).ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).then(
        ({ name }) => name,
        () => "made",
      );
    } finally {
      await sandbox.close();
    }
  };
  expect(await vpc({ scenario: { quotas: { vpcs: 0 } } })).toBe("VpcLimitExceeded");
  expect(await vpc({})).toBe("VpcLimitExceeded");
  expect(await vpc({ scenario: {} })).toBe("made");
});

it("durations are what a scenario says", async () => {
  const sandbox = await startTestSandbox({ seed: 1, scenario: { durations: { clusterCreate: 60 } } });
  onTestFinished(() => sandbox.close());
  expect(sandbox.world.duration("clusterCreate", "a")).toBe(60_000);
});
