import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { sandboxCredentials } from "../../src/sandbox/index.ts";

/** The shared credentials file of the test's own, which the SDK's chain reads in this process. */
export interface ProfileFile {
  readonly directory: string;
  /** The environment that leads to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Rewrites the default profile: the sandbox's key, with this session token. */
  signIn(token: string): void;
  write(text: string): void;
}

/** What would lead the chain elsewhere. */
const others = [
  "AWS_PROFILE",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/** Until the end of the test the chain finds this file, and nothing else. */
export function profileFile(): ProfileFile {
  const directory = mkdtempSync(join(tmpdir(), "ekstool-profile-"));
  const file = join(directory, "credentials");
  const config = join(directory, "config");
  const env = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: config, AWS_EC2_METADATA_DISABLED: "true" };
  const before = { ...process.env };
  for (const name of others) delete process.env[name];
  Object.assign(process.env, env);
  onTestFinished(() => {
    for (const name of [...others, ...Object.keys(env)]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(directory, { recursive: true, force: true });
  });
  const { accessKeyId, secretAccessKey } = sandboxCredentials;
  const write = (text: string) => writeFileSync(file, text);
  writeFileSync(config, "");
  return {
    directory,
    env,
    write,
    signIn: (token) =>
      write(
        `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\naws_session_token = ${token}\n`,
      ),
  };
}
