import { CreateLaunchTemplateCommand, EC2Client } from "@aws-sdk/client-ec2";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type FaultRule, sandboxCredentials } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { profileFile } from "../support/aws-profile.ts";
import { openShell } from "./harness.ts";

/** Stands in every secret that is planted. */
const mark = "MARKEDSECRET";
const token = `IQoJb3JpZ2luX2VjE${mark}Q+/token==`;
const userData = Buffer.from(`#!/bin/sh\npassword=${mark}\n`).toString("base64");

/** AWS quotes the request whose signature it does not like. */
const quoting = `The request signature we calculated does not match the signature you provided.
The Canonical String for this request should have been
'POST
/clusters

host:eks.us-west-2.amazonaws.com
x-amz-security-token:${token}
'
Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-west-2/eks/aws4_request, SignedHeaders=host, Signature=${mark}0123
https://sts.us-west-2.amazonaws.com/?X-Amz-Security-Token=${encodeURIComponent(token)}&X-Amz-Signature=${mark}4567`;
const refusing = (operation: string): FaultRule => ({
  operation,
  times: 1,
  effect: { error: { code: "SignatureDoesNotMatch", status: 403, message: quoting } },
});

const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups:
  - { name: workers, desiredCapacity: 2 }
`;

it("no secret gets into an output or a file, whatever happens", async () => {
  const profile = profileFile();
  profile.signIn(token);
  const account = mkdtempSync(join(tmpdir(), "ekstool-secrets-"));
  const sandbox = await startTestSandbox({ state: account });
  const { clock, endpoint } = sandbox;
  const shell = openShell({ clock, endpoint, close: () => Promise.resolve() });
  onTestFinished(async () => {
    await sandbox.close();
    shell.remove();
    rmSync(account, { recursive: true, force: true });
  });
  const config = join(shell.directory, "cluster.yaml");
  writeFileSync(config, file);
  const ec2 = new EC2Client({
    region: "us-west-2",
    endpoint,
    credentials: { ...sandboxCredentials, sessionToken: token },
  });
  const LaunchTemplateData = { UserData: userData };
  await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "own", LaunchTemplateData }));

  const outputs: string[] = [];
  const run = async (code: number, ...argv: readonly string[]) => {
    const ran = await shell.run(...argv);
    expect({ ...ran, argv }).toMatchObject({ code });
    outputs.push(ran.stdout, ran.stderr);
    return ran;
  };
  const create = ["create", "cluster", "-f", config, "--on-failure", "keep"];
  sandbox.faults([refusing("CreateCluster"), refusing("CreateNodegroup"), { ...refusing("CreateAddon"), times: 4 }]);
  const first = await run(1, ...create, "-v");
  expect(first.stderr).toMatch(/x-amz-security-token:\*\*\*/);
  await run(1, ...create, "--progress", "json", "-o", "json");
  await run(1, ...create);
  await run(0, ...create, "-o", "yaml");
  await run(0, "get", "cluster", "-o", "json");
  await run(0, "plan", "-f", config, "--out", "kept.plan", "-o", "json");
  await run(0, "utils", "write-kubeconfig", "--cluster", "demo");
  sandbox.faults([refusing("ListClusters")]);
  await run(1, "get", "cluster", "-v");
  sandbox.faults([{ ...refusing("ListClusters"), times: 9 }]);
  await run(1, "get", "cluster", "--progress", "json");

  // The one secret that is asked for; STS takes its URL, and the account's journal does not keep it.
  sandbox.faults([]);
  const { stdout } = await shell.run("token", "--cluster", "demo");
  const bearer = (JSON.parse(stdout) as { status: { token: string } }).status.token;
  const url = Buffer.from(bearer.slice("k8s-aws-v1.".length), "base64url").toString();
  expect(url).toContain(mark);
  expect((await fetch(url, { headers: { "x-k8s-aws-id": "demo" } })).status).toBe(200);

  // A program that is to give credentials, and tells too much when it cannot.
  const program = join(profile.directory, "program.sh");
  writeFileSync(program, `echo '{"SecretAccessKey":"${mark}456789"' >&2; echo "SessionToken: ${token}"; exit 1\n`);
  profile.write(`[default]\ncredential_process = /bin/sh ${program}\n`);
  await run(1, "get", "cluster", "-v");

  const files = [shell.directory, account].flatMap((directory) =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const names = files.map((path) => path.slice(path.lastIndexOf("/") + 1));
  expect(names).toEqual(expect.arrayContaining(["journal.jsonl", "snapshot.json", "kept.plan", "config"]));
  expect(names.filter((name) => name.endsWith("-us-west-2-demo.jsonl")).length).toBeGreaterThan(3);
  // The account itself keeps what it is told to keep.
  const texts = files.filter((path) => !path.endsWith("snapshot.json")).map((path) => readFileSync(path, "utf8"));
  const leaks = [mark, encodeURIComponent(token), userData, bearer];
  for (const text of [...outputs, ...texts]) for (const leak of leaks) expect(text).not.toContain(leak);
});
