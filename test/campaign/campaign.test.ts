import { CreateVpcCommand, DeleteSubnetCommand, DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { afterAll, describe, expect, it } from "vitest";
import type { Account } from "../support/account.ts";
import { closeKeptAccounts } from "./accounts.ts";
import { casesOf } from "./cases.ts";
import { judge, rehearse, run } from "./judge.ts";
import { nameOf, scenes } from "./scenes.ts";
import { type Rows, count, render } from "./table.ts";

afterAll(closeKeptAccounts);

/** One case of each of these rows, drawn; `npm run campaign` goes through all. */
const sample = [
  ["create/plain", "lost", "killed after", "overtaken"],
  ["create, rolled back/plain", "killed before"],
  ["apply/plain [labels, size and volume]", "reset", "meddled with"],
  ["apply/plain [a nodegroup in another's place]", "killed before", "killed twice"],
  ["apply/self-managed [labels, size and volume]", "killed twice"],
  ["scale/plain", "two at once"],
  ["upgrade nodegroup/plain", "lost"],
  ["delete/plain", "killed twice", "SIGKILL after"],
].flatMap(([scene, ...disturbances]) => disturbances.map((disturbance) => `${scene}/${disturbance}/`));

/** These once did not converge. */
const caught = [
  // What was made a moment ago did not show yet, and was left behind.
  "create, then delete/plain/killed after/ec2:CreateVpc#1",
  "create, then the file edited/plain/killed before/iam:AttachRolePolicy#2",
  // The entries of a cluster that is being deleted were counted on.
  "delete, then create/plain/interrupted/ec2:ReleaseAddress#1",
];

/** Milliseconds: the first case makes the account that all start from. */
const timeout = 180_000;

describe("a run that is disturbed, and run again", { timeout }, () => {
  it.each([...sample, ...caught])("%s", async (only) => {
    const cases = await collect(casesOf({ seed: 1, shard: [1, 1], only, cases: 1 }));
    expect(cases).toHaveLength(1);
    for (const { trial, moment, name } of cases) {
      expect({ name, ...(await judge(trial, moment)) }).toEqual({
        name,
        converged: true,
        orphans: 0,
        duplicates: 0,
        reasons: [],
      });
    }
  });
});

describe("the judge", { timeout }, () => {
  const scene = scenes().find((one) => nameOf(one) === "create/control-plane");
  if (!scene) throw new Error("there is no such scene");
  const region = "us-west-2";
  const verdictOn = async (meddle: (account: Account) => Promise<unknown>) =>
    judge(await rehearse(scene), {
      at: "here",
      async strike(account) {
        await meddle(account);
        return run(scene.command, account);
      },
    });

  it("sees what was made twice, and what is left behind", async () => {
    const verdict = await verdictOn((account) =>
      account.session(region).clients.ec2.send(new CreateVpcCommand({ CidrBlock: "192.168.0.0/16" })),
    );
    expect(verdict).toMatchObject({ converged: false, duplicates: 5 });
    expect(verdict.orphans).toBeGreaterThan(0);
    expect(verdict.reasons).toContainEqual(expect.stringMatching(/^us-west-2 vpcs: \d, and \d without/));
  });

  it("sees what others have lost", async () => {
    const verdict = await verdictOn(async (account) => {
      const { ec2 } = account.session(region).clients;
      const { Subnets: [subnet] = [] } = await ec2.send(new DescribeSubnetsCommand({}));
      await ec2.send(new DeleteSubnetCommand({ SubnetId: subnet?.SubnetId }));
    });
    expect(verdict.reasons.join("\n")).toMatch(
      /somebody else's \/regions\/us-west-2\/ec2\/subnets\/\S+ is not as it was/,
    );
  });

  it("sees a run that breaks, and one that never ends well", async () => {
    const broken = await verdictOn(() => Promise.reject(new TypeError("undefined is not a function")));
    expect(broken.reasons[0]).toMatch(/^it broke: TypeError/);
    const denied = await verdictOn(async ({ sandbox }) => sandbox.faults([{ operation: "CreateVpc", effect: "deny" }]));
    expect(denied.reasons[0]).toBe("create was not done after 4 runs");
  });

  it("counts by row, and all is only all", () => {
    const rows: Rows = new Map();
    const row = { journey: "create", file: "plain", disturbance: "lost" };
    for (let n = 0; n < 2000; n++) {
      count(rows, row, { converged: n > 0, orphans: n === 0 ? 2 : 0, duplicates: 0, reasons: [] });
    }
    expect(render(rows).split("\n").at(-1)).toMatch(/^all +2000 +99\.9 % +2 +0$/);
  });
});

async function collect<T>(from: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}
