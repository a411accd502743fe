import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type ProfileFile, profileFile } from "../support/aws-profile.ts";
import { inventory } from "../support/campaign-inventory.ts";
import { type Ran, openShell } from "./harness.ts";

const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups:
  - { name: workers, desiredCapacity: 2 }
`;

/** The control plane is on its way then. */
const lifetime = 300;
const expiring: SandboxOptions = { faults: [{ credentialAge: lifetime, effect: "expired" }] };

interface Desk {
  readonly sandbox: Sandbox;
  readonly profile: ProfileFile;
  create(): Promise<Ran>;
  run(...argv: readonly string[]): Promise<Ran>;
  /** Creates at a terminal; `react` is told of each text that shows there, and types. */
  atTerminal(react: (text: string, type: (keys: string) => void) => void): Promise<Ran>;
}

async function openDesk(options: SandboxOptions = {}): Promise<Desk> {
  const profile = profileFile();
  profile.signIn("first");
  const sandbox = await startTestSandbox(options);
  const { clock, endpoint } = sandbox;
  const shell = openShell({ clock, endpoint, close: () => Promise.resolve() });
  onTestFinished(async () => {
    await sandbox.close();
    shell.remove();
  });
  const config = join(shell.directory, "cluster.yaml");
  writeFileSync(config, file);
  const create = ["create", "cluster", "-f", config];
  return {
    sandbox,
    profile,
    create: () => shell.run(...create),
    run: (...argv) => shell.run(...argv),
    async atTerminal(react) {
      const stdin = Object.assign(new PassThrough(), { isTTY: true });
      let shown = "";
      const stderr = Object.assign(
        new Writable({
          write(chunk: Buffer, _encoding, done) {
            shown += chunk.toString();
            react(chunk.toString(), (keys) => stdin.write(keys));
            done();
          },
        }),
        { isTTY: true },
      );
      const ran = await shell.runWith({ stdin, stderr }, ...create);
      return { ...ran, stderr: shown };
    },
  };
}

const outcomes = ({ journal }: Sandbox) => new Set(journal.map(({ outcome }) => outcome));
/** When the last request was sent, in seconds since the first. */
const length = ({ journal }: Sandbox) => ((journal.at(-1)?.at ?? 0) - (journal[0]?.at ?? 0)) / 1000;

async function undisturbed() {
  const { create, sandbox } = await openDesk();
  expect(await create()).toMatchObject({ code: 0 });
  return { holds: inventory(sandbox.world.state), length: length(sandbox) };
}

describe("credentials that expire in the middle of a run", () => {
  it("are read again: a file that somebody has rewritten is enough", async () => {
    const { sandbox, profile, create } = await openDesk(expiring);
    let token = 0;
    const start = sandbox.clock.now();
    sandbox.onRequest(() => {
      const age = (sandbox.clock.now() - start) / 1000;
      if (Math.floor((age + 20) / lifetime) > token) profile.signIn(`token ${++token}`);
    });
    const { code, stderr } = await create();
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining("expired") });
    expect(token).toBeGreaterThan(1);
    expect([...outcomes(sandbox)]).toContain("ExpiredTokenException");
    const calm = await undisturbed();
    expect(inventory(sandbox.world.state)).toEqual(calm.holds);
    expect(length(sandbox)).toBe(calm.length);
  });

  it("end a run that nobody watches, with what to do and exit 75; the next run continues", async () => {
    const { sandbox, profile, create } = await openDesk(expiring);
    const first = await create();
    expect(first.code).toBe(75);
    expect(first.stderr).toContain("Stopped: create cluster demo, after 5m");
    expect(first.stderr).toMatch(
      /error: the credentials have expired: The security token included in the request is expired/,
    );
    expect(first.stderr).toContain(
      "hint: renew the credentials of the profile default; then run the same command again",
    );
    expect(first.stderr).toMatch(/to continue: ekstool create cluster -f/);
    expect(first.stderr).not.toMatch(/✗|Failed|rolled back/);
    // Told once, whatever was in flight.
    expect(first.stderr.match(/error:/g)).toHaveLength(1);

    sandbox.faults([]);
    profile.signIn("second");
    expect(await create()).toMatchObject({ code: 0 });
    expect(inventory(sandbox.world.state)).toEqual((await undisturbed()).holds);
  });

  it("stop a run at a terminal until there are new ones; no time passes, and nothing fails", async () => {
    const { sandbox, profile, atTerminal } = await openDesk(expiring);
    let pauses = 0;
    let looks = 0;
    const { code, stderr } = await atTerminal((text, type) => {
      if (text.includes("then press Enter")) type("\n");
      if (text.includes("not yet")) {
        looks++;
        profile.signIn(`token ${++pauses}`);
        type("\n");
      }
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(pauses).toBeGreaterThan(1);
    expect(looks).toBe(pauses);
    expect(stderr).toContain(
      "paused: the credentials have expired (The security token included in the request is expired)",
    );
    expect(stderr).toContain("renew the credentials of the profile default");
    expect(stderr).toContain("not yet: the old ones are still there");
    expect(stderr).toContain("new credentials: going on after a pause of");
    const calm = await undisturbed();
    expect(inventory(sandbox.world.state)).toEqual(calm.holds);
    expect(length(sandbox)).toBe(calm.length);
  });

  it("are noticed without Enter, too", async () => {
    const { profile, atTerminal, sandbox } = await openDesk(expiring);
    const { code } = await atTerminal((text) => {
      if (!text.includes("paused")) return;
      sandbox.faults([]);
      profile.signIn("second");
    });
    expect(code).toBe(0);
  });

  it("can be given up for now with Ctrl-C", async () => {
    const { atTerminal } = await openDesk(expiring);
    const { code, stderr } = await atTerminal((text, type) => {
      if (text.includes("then press Enter")) type("\u0003");
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped: create cluster demo[\s\S]*to continue: ekstool create cluster/);
  });

  it("that never worked are AWS's to refuse", async () => {
    const { create, sandbox } = await openDesk({ faults: [{ effect: "expired" }] });
    const { code, stderr } = await create();
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: \w+: The security token included in the request is expired/);
    expect(sandbox.journal.filter(({ changes }) => changes)).toEqual([]);
  });
});

describe("before anything is done", () => {
  it("identity, account and expiry are shown, and that the time will not do", async () => {
    const { profile, run, create } = await openDesk();
    const process = join(profile.directory, "process.sh");
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const valid = (minutes: number) => {
      const answer = { Version: 1, AccessKeyId: "sandbox", SecretAccessKey: "sandbox", Expiration: inMinutes(minutes) };
      writeFileSync(process, `echo '${JSON.stringify(answer)}'\n`);
    };
    profile.write(`[default]\ncredential_process = /bin/sh ${process}\n`);
    valid(5.5);
    const short = await create();
    expect(short).toMatchObject({ code: 0 });
    expect(short.stderr).toMatch(
      /account 111122223333, as arn:aws:iam::111122223333:user\/sandbox; the credentials expire in \d min/,
    );
    expect(short.stderr).toMatch(/warning: the credentials expire in \d min, before this is expected to be done/);
    valid(300);
    const long = await run(
      "delete",
      "cluster",
      "--name",
      "demo",
      "--region",
      "us-west-2",
      "--yes",
      "--progress",
      "json",
    );
    expect(long).toMatchObject({ code: 0 });
    expect(long.stderr).not.toContain("expected to be done");
    expect(JSON.parse(long.stderr.split("\n")[0] ?? "")).toMatchObject({
      account: "111122223333",
      warnings: [],
      credentialsExpire: expect.stringMatching(/^\d{4}-/),
    });
  });
});

describe("a role that wants the code of an MFA device", () => {
  const device = "arn:aws:iam::111122223333:mfa/jo";

  /** STS as far as roles go: the code is 123456. */
  async function openRoleDesk(): Promise<Desk> {
    const desk = await openDesk();
    const sts = createServer((incoming, response) => {
      void text(incoming).then((body) => {
        const asked = new URLSearchParams(body);
        if (asked.get("SerialNumber") !== device || asked.get("TokenCode") !== "123456") {
          response
            .writeHead(403)
            .end(
              `<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time pass code.</Message></Error></ErrorResponse>`,
            );
          return;
        }
        response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>sandbox</AccessKeyId><SecretAccessKey>sandbox</SecretAccessKey><SessionToken>role</SessionToken>
<Expiration>2120-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
      });
    });
    await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
    process.env["AWS_ENDPOINT_URL_STS"] = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
    onTestFinished(() => {
      sts.close();
      delete process.env["AWS_ENDPOINT_URL_STS"];
    });
    desk.profile.write(
      `[base]\naws_access_key_id = sandbox\naws_secret_access_key = sandbox\n` +
        `[default]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = base\nmfa_serial = ${device}\n`,
    );
    return desk;
  }

  it("asks for it once, at the terminal", async () => {
    const { atTerminal } = await openRoleDesk();
    let asked = 0;
    const { code, stderr } = await atTerminal((shown, type) => {
      if (!shown.includes(`code of the MFA device ${device}`)) return;
      asked++;
      type("123456\n");
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(asked).toBe(1);
  });

  it("says so where there is none", async () => {
    const { create, sandbox } = await openRoleDesk();
    const { code, stderr } = await create();
    expect(code).toBe(4);
    expect(stderr).toContain(`the profile asks for a code of the MFA device ${device}: there is no terminal to ask on`);
    expect(stderr).toContain("hint: run the command on a terminal");
    expect(sandbox.journal).toEqual([]);
  });

  it("is STS's to refuse", async () => {
    const { atTerminal } = await openRoleDesk();
    const { code, stderr } = await atTerminal((shown, type) => {
      if (shown.includes("MFA device")) type("000000\n");
    });
    expect(code).toBe(1);
    expect(stderr).toContain("MultiFactorAuthentication failed");
  });

  it("ends with Ctrl-C", async () => {
    const { atTerminal } = await openRoleDesk();
    const { code } = await atTerminal((shown, type) => {
      if (shown.includes("MFA device")) type("\u0003");
    });
    expect(code).toBe(130);
  });
});
