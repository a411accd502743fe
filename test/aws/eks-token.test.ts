import { STSClient } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, it } from "vitest";
import { execApiVersion, execCredential, iamName, token } from "../../src/aws/eks-token.ts";
import { type Sandbox, sandboxCredentials } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "a+b/c=" };
const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };

async function urlFor(sts: STSClient, cluster = "blue"): Promise<URL> {
  const made = await token({ sts, cluster, clock });
  expect(made.token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(made.token.slice("k8s-aws-v1.".length), "base64url").toString());
}

describe("a token", () => {
  it("is a presigned GetCallerIdentity that is bound to the cluster", async () => {
    const url = await urlFor(new STSClient({ region: "us-west-2", credentials }));
    expect(url.origin + url.pathname).toBe("https://sts.us-west-2.amazonaws.com/");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "AKIDEXAMPLE/20260102/us-west-2/sts/aws4_request",
      "X-Amz-Date": "20260102T030405Z",
      "X-Amz-Expires": "60",
      "X-Amz-Security-Token": "a+b/c=",
      "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
      "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
  });

  it.each([
    ["cn-north-1", "sts.cn-north-1.amazonaws.com.cn"],
    ["us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"],
    ["us-east-1", "sts.us-east-1.amazonaws.com"],
  ])("asks the regional endpoint of %s", async (region, host) => {
    expect((await urlFor(new STSClient({ region, credentials }))).host).toBe(host);
  });

  it("is good for a little less than EKS's fifteen minutes", async () => {
    const { expiration } = await token({
      sts: new STSClient({ region: "us-west-2", credentials }),
      cluster: "blue",
      clock,
    });
    expect(expiration.toISOString()).toBe("2026-01-02T03:18:05.000Z");
  });

  it("is good no longer than the credentials that signed it", async () => {
    const soon = { ...credentials, expiration: new Date("2026-01-02T03:10:00Z") };
    const sts = new STSClient({ region: "us-west-2", credentials: soon });
    expect((await token({ sts, cluster: "blue", clock })).expiration).toEqual(soon.expiration);
  });
});

describe("a token at STS", () => {
  let sandbox: Sandbox | undefined;
  afterEach(() => sandbox?.close());

  it("tells who asks when the cluster is named as it was signed, and nothing otherwise", async () => {
    sandbox = await startTestSandbox();
    const { endpoint } = sandbox;
    const sts = new STSClient({ region: "eu-central-1", endpoint, credentials: sandboxCredentials });
    const made = await token({ sts, cluster: "blue" });
    const url = Buffer.from(made.token.slice("k8s-aws-v1.".length), "base64url").toString();
    const as = (cluster: string) => fetch(url, { headers: { "x-k8s-aws-id": cluster } });
    const answer = await as("blue");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(":user/sandbox</Arn>");
    expect((await as("green")).status).toBe(403);
    expect((await fetch(url)).status).toBe(403);
  });
});

describe("an exec credential", () => {
  const made = { token: "k8s-aws-v1.x", expiration: new Date(clock.now()) };

  it("has the form that kubectl reads", () => {
    expect(execCredential(made, "client.authentication.k8s.io/v1beta1")).toEqual({
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
      spec: {},
      status: { expirationTimestamp: "2026-01-02T03:04:05Z", token: "k8s-aws-v1.x" },
    });
  });

  it.each([
    [undefined, "client.authentication.k8s.io/v1"],
    ['{"apiVersion":"client.authentication.k8s.io/v1","spec":{}}', "client.authentication.k8s.io/v1"],
    ['{"apiVersion":"client.authentication.k8s.io/v1beta1","spec":{}}', "client.authentication.k8s.io/v1beta1"],
    ['{"apiVersion":"client.authentication.k8s.io/v1alpha1","spec":{}}', "client.authentication.k8s.io/v1"],
    ["no JSON", "client.authentication.k8s.io/v1"],
  ])("is of the version that is asked for: %s", (info, version) => {
    expect(execApiVersion(info)).toBe(version);
  });
});

describe("the name of a caller", () => {
  it.each([
    ["arn:aws:iam::111122223333:user/ann", "ann"],
    ["arn:aws:iam::111122223333:user/team/ann", "ann"],
    ["arn:aws:sts::111122223333:assumed-role/Admin/ann@example.com", "ann@example.com"],
    ["arn:aws-cn:iam::111122223333:role/deep/path/Admin", "Admin"],
    ["arn:aws:iam::111122223333:root", "iam-root-account"],
  ])("%s", (arn, name) => {
    expect(iamName(arn)).toBe(name);
  });
});
