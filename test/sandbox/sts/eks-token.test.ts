import { afterEach, beforeEach, expect, it } from "vitest";
import { token } from "../../../src/aws/eks-token.ts";
import { realClock } from "../../../src/clock.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { eksTokenKey } from "../../../src/sandbox/services/sts/eks-token.ts";
import { clientsOf } from "../clients.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.close());

const tokenFor = async (cluster: string, options?: Parameters<typeof clientsOf>[1], ageMinutes = 0) => {
  const { sts } = clientsOf(sandbox, options);
  const now = () => realClock.now() - ageMinutes * 60_000;
  return (await token({ sts, cluster, clock: { now } })).token;
};

it("is verified for its cluster only", async () => {
  const made = await tokenFor("demo");
  expect(eksTokenKey(made, "demo")).toBe("sandbox");
  expect(() => eksTokenKey(made, "other")).toThrow(/signature/);
});

it("is refused when somebody else signed it, or it is old", async () => {
  const forged = await tokenFor("demo", { credentials: { accessKeyId: "sandbox", secretAccessKey: "guess" } });
  expect(() => eksTokenKey(forged, "demo")).toThrow(/signature/);
  expect(eksTokenKey(await tokenFor("demo", {}, 14), "demo")).toBe("sandbox");
  const old = await tokenFor("demo", {}, 16);
  expect(() => eksTokenKey(old, "demo")).toThrow(/expired/);
});

it("is a request that STS answers", async () => {
  const made = await tokenFor("demo");
  const url = Buffer.from(made.slice("k8s-aws-v1.".length), "base64url").toString();
  const answer = await fetch(url, { headers: { "x-k8s-aws-id": "demo" } });
  expect(await answer.text()).toContain("arn:aws:iam::111122223333:user/sandbox");
});

it("has a prefix", () => {
  expect(() => eksTokenKey("not-a-token", "demo")).toThrow(/prefix/);
});
