import { describe, expect, it } from "vitest";
import { clearSecrets, keepSecret, withoutSecrets } from "../../src/aws/secrets.ts";

const secret = "mArKeD/SeCrEt+0123456789";

describe("a text", () => {
  it.each([
    `'POST\n/\n\nhost:sts.amazonaws.com\nx-amz-security-token:${secret}\n'`,
    `X-Amz-Security-Token=${encodeURIComponent(secret)}&X-Amz-Expires=60`,
    `Authorization: AWS4-HMAC-SHA256 ${secret}`,
    `Credential=AKIA/x, SignedHeaders=host, Signature=${"0a".repeat(32)}`,
    `{"SecretAccessKey": "${secret}", "SessionToken":"${secret}"}`,
    `aws_secret_access_key = ${secret}`,
    `accessToken: ${secret}`,
    `k8s-aws-v1.${Buffer.from(secret).toString("base64url")}`,
    `eyJhbGciOiJub25lIn0.${Buffer.from(secret).toString("base64url")}.sig`,
    `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----`,
    `connect to http://jo:${secret.replaceAll("/", "%2F")}@proxy:3128 failed`,
  ])("loses what is secret in %j", (text) => {
    const clean = withoutSecrets(text);
    expect(clean).toContain("***");
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64url"), "0a".repeat(32)];
    for (const form of [...forms, secret.replaceAll("/", "%2F")]) expect(clean).not.toContain(form);
  });

  it.each([
    "The security token included in the request is expired",
    "Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z",
    "The request signature we calculated does not match the signature you provided.",
    "User: arn:aws:iam::111122223333:user/jo is not authorized to perform: eks:CreateCluster",
    "getaddrinfo ENOTFOUND https://eks.us-west-2.amazonaws.com",
  ])("of no secrets stays as it is: %j", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it("loses the process's own secrets wherever they stand", () => {
    const own = "anotherSecretOfThisProcess=/+";
    keepSecret({ accessKeyId: "AKIA", secretAccessKey: own, sessionToken: `${own}2` });
    expect(withoutSecrets(`a ${own} b ${encodeURIComponent(own)} c`)).toBe("a *** b *** c");
  });
});

it("an error loses them from message, stack and causes", () => {
  const cause = new Error(`SessionToken=${secret}`);
  const error = new Error(`failed: password=${secret}`, { cause });
  clearSecrets(error);
  for (const text of [error.message, error.stack, cause.message, cause.stack]) expect(text).not.toContain(secret);
  expect(error.stack).toContain("failed: password=***");
});
