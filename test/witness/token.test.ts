import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eksTokenKey } from "../../src/sandbox/services/sts/eks-token.ts";
import { type Account, openAccount } from "./account.ts";
import { programs } from "./programs.ts";

interface ExecCredential {
  readonly apiVersion: string;
  readonly kind: string;
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

const cluster = "demo";
/** What the kubeconfig's exec plugins are: both run without the cluster being there. */
const ours = ["token", "--cluster", cluster] as const;
const theirs = ["eks", "get-token", "--cluster-name", cluster] as const;

describe.skipIf(!programs.aws)("a token", () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount("eu-west-1");
  });
  afterAll(() => account.close());

  it("of ekstool is accepted like one of the AWS CLI, for its cluster alone", async () => {
    const credentials = await Promise.all([
      account.ekstoolJson<ExecCredential>(...ours),
      account.aws<ExecCredential>(...theirs),
    ]);
    for (const { kind, status } of credentials) {
      expect(kind).toBe("ExecCredential");
      expect(eksTokenKey(status.token, cluster)).toBe("sandbox");
      expect(() => eksTokenKey(status.token, "another")).toThrow(/signature/);
      expect(() => eksTokenKey(tampered(status.token), cluster)).toThrow(/signature/);
    }
    const [mine, other] = credentials.map(({ status }) => queryOf(status.token));
    expect(mine).toEqual(other);
    const [mineEnds, otherEnds] = credentials.map(({ status }) => Date.parse(status.expirationTimestamp));
    expect(Math.abs((mineEnds ?? 0) - (otherEnds ?? 0))).toBeLessThan(60_000);
  });

  it("is refused when somebody else's key signed it", async () => {
    const text = await account.awsText(theirs, { AWS_SECRET_ACCESS_KEY: "guess" });
    const { status } = JSON.parse(text) as ExecCredential;
    expect(() => eksTokenKey(status.token, cluster)).toThrow(/signature/);
  });
});

const prefix = "k8s-aws-v1.";

function urlOf(token: string): URL {
  return new URL(Buffer.from(token.slice(prefix.length), "base64url").toString());
}

/** The signed request, without what differs from one moment to the next. */
function queryOf(token: string): Readonly<Record<string, string>> {
  const { searchParams } = urlOf(token);
  for (const moment of ["X-Amz-Date", "X-Amz-Signature"]) searchParams.delete(moment);
  return Object.fromEntries(searchParams);
}

function tampered(token: string): string {
  const url = urlOf(token);
  url.searchParams.set("X-Amz-Signature", "0".repeat(64));
  return prefix + Buffer.from(url.toString()).toString("base64url");
}
