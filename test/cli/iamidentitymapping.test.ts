import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, connectionTo, openShell } from "./harness.ts";

let sandbox: Sandbox;
let shell: Shell;

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const here = ["--region", "us-west-2", "--cluster", "demo"];
const noun = "iamidentitymapping";

function fileOf(content: string): string {
  const path = join(shell.directory, "cluster.yaml");
  writeFileSync(
    path,
    `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups: [{ name: workers }]
accessConfig: { authenticationMode: API_AND_CONFIG_MAP }
${content}`,
  );
  return path;
}

/** What it prints; it must have done what it should. */
async function run(verb: string, ...more: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await shell.run(verb, noun, ...more, "-o", "json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
  const { code, stderr } = await shell.run("create", "cluster", "-f", fileOf(""));
  expect(code, stderr).toBe(0);
}, 120_000);
afterAll(async () => {
  await sandbox.close();
  shell.remove();
});

describe.sequential("mappings in aws-auth", () => {
  it("are made by options, listed, and changed", async () => {
    const one = ["--arn", role("team/deployer"), "--username", "deployer"];
    expect(await run("create", ...here, ...one, "--group", "deployers")).toEqual([
      {
        name: role("deployer"),
        arn: role("deployer"),
        username: "deployer",
        groups: ["deployers"],
        account: null,
        owned: true,
      },
    ]);
    await run("create", ...here, "--account", "444455556666");
    await run("create", ...here, ...one, "--group", "viewers");
    expect(await run("get", ...here)).toMatchObject([
      { account: "444455556666" },
      { arn: role("deployer"), groups: ["viewers"] },
    ]);
    expect(await run("get", ...here, "--arn", role("deployer"))).toHaveLength(1);
  });

  it("of one principal are not changed with --no-duplicate-arns", async () => {
    const { code, stderr } = await shell.run("create", noun, ...here, "--arn", role("deployer"), "--no-duplicate-arns");
    expect(code).toBe(4);
    expect(stderr).toContain(`${role("deployer")} is mapped already`);
  });

  it("of a service come with its role in the namespace", async () => {
    expect(await run("create", ...here, "--service-name", "emr-containers", "--namespace", "jobs")).toMatchObject([
      { arn: role("AWSServiceRoleForAmazonEMRContainers"), username: "emr-containers" },
    ]);
    const { stdout } = await shell.run("plan", "-f", fileOf("iamIdentityMappings: []"), "-o", "json");
    const { items } = JSON.parse(stdout) as { items: readonly { verb: string; id: string }[] };
    expect(items.filter(({ verb }) => verb === "orphan").map(({ id }) => id)).toEqual([
      "object/emr-containers/jobs/Role",
      "object/emr-containers/jobs/RoleBinding",
    ]);
  });

  it("are made as a file lists them: then nothing is to be done", async () => {
    const file = fileOf(`iamIdentityMappings:
  - { arn: "${role("deployer")}", username: deployer, groups: [viewers] }
  - { account: "444455556666" }
  - { serviceName: emr-containers, namespace: jobs }
  - { arn: "arn:aws:iam::111122223333:user/people/ann", groups: [admins] }
`);
    const asked = await shell.run("create", noun, "-f", file);
    expect(asked.code).toBe(4);
    expect(await run("create", "-f", file, "--yes")).toHaveLength(4);
    expect((await shell.run("plan", "-f", file)).code).toBe(0);
  });

  it("are deleted by name, after a question", async () => {
    const asked = await shell.run("delete", noun, ...here, "--account", "444455556666");
    expect(asked.code).toBe(4);
    expect(await run("delete", ...here, "--account", "444455556666", "--yes")).toMatchObject({
      deleted: "444455556666",
    });
    await run("delete", ...here, "--arn", role("deployer"), "--yes");
    const gone = await shell.run("delete", noun, ...here, "--arn", role("deployer"), "--yes");
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain(`the cluster demo has no mapping of ${role("deployer")}`);
  });

  it("say what is wrong of options", async () => {
    const cases: readonly (readonly [argv: readonly string[], message: string])[] = [
      [["create", noun, ...here], "needs one of arn, account and serviceName"],
      [["create", noun, ...here, "--service-name", "emr-containers"], "needs the namespace"],
      [["create", noun, ...here, "--arn", "a"], "must be the ARN of an IAM role or user"],
      [["delete", noun, ...here], "either --arn or --account"],
      [["delete", noun, ...here, "--arn", "a", "--account", "b"], "either --arn or --account"],
    ];
    for (const [argv, message] of cases) {
      const { code, stderr } = await shell.run(...argv);
      expect(code, argv.join(" ")).toBe(3);
      expect(stderr).toContain(message);
    }
  });
});
