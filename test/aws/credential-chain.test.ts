import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { renewalOf, resolveChain } from "../../src/aws/credential-chain.ts";
import { type ProfileFile, profileFile } from "../support/aws-profile.ts";

const options = { region: "us-west-2", requestHandler: {} };

/** What somebody is told to do when the credentials that the chain finds have expired. */
async function todo(profile?: string): Promise<string | undefined> {
  const found = await resolveChain({ ...options, ...(profile === undefined ? {} : { profile }) });
  return renewalOf(found, profile, process.env);
}

function withEnvironment(env: Readonly<Record<string, string>>): void {
  Object.assign(process.env, env);
  onTestFinished(() => {
    for (const name of Object.keys(env)) delete process.env[name];
  });
}

/** A profile whose credentials single sign-on gives. */
async function signedOn(profile: ProfileFile): Promise<void> {
  const expiration = Date.now() + 3_600_000;
  const roleCredentials = { accessKeyId: "k", secretAccessKey: "s", sessionToken: "t", expiration };
  const portal = createServer((_, response) => response.end(JSON.stringify({ roleCredentials })));
  await new Promise<void>((resolve) => portal.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void portal.close());
  withEnvironment({
    HOME: profile.directory,
    AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${(portal.address() as AddressInfo).port}`,
  });
  profile.write(
    "[dev]\nsso_start_url = https://example.test/start\nsso_region = us-west-2\nsso_account_id = 111122223333\nsso_role_name = admin\n",
  );
  const cache = join(profile.directory, ".aws", "sso", "cache");
  mkdirSync(cache, { recursive: true });
  const name = createHash("sha1").update("https://example.test/start").digest("hex");
  writeFileSync(join(cache, `${name}.json`), JSON.stringify({ accessToken: "a", expiresAt: "2120-01-01T00:00:00Z" }));
}

describe("credentials that have expired", () => {
  it("of a profile are renewed in its file, which is read anew each time", async () => {
    const profile = profileFile();
    profile.signIn("one");
    expect(await todo()).toBe("renew the credentials of the profile default");
    profile.signIn("two");
    expect(await resolveChain(options)).toMatchObject({ sessionToken: "two" });
    profile.write('[program]\ncredential_process = echo \'{"Version":1,"AccessKeyId":"k","SecretAccessKey":"s"}\'\n');
    expect(await todo("program")).toBe("renew the credentials of the profile program");
  });

  it("of single sign-on are renewed by signing in", async () => {
    const before = process.env["HOME"];
    onTestFinished(() => {
      if (before !== undefined) process.env["HOME"] = before;
    });
    await signedOn(profileFile());
    expect(await todo("dev")).toBe("type: aws sso login --profile dev");
  });

  it("of the environment are nothing that a running process could be given", async () => {
    profileFile();
    withEnvironment({ AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" });
    expect(await todo()).toBeUndefined();
  });
});
