import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  ImportKeyPairCommand,
} from "@aws-sdk/client-ec2";
import { AttachRolePolicyCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { givenThings } from "../../src/operations/given-things.ts";
import { type Account, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { edits, exampleFiles, files } from "./files.ts";

const region = "us-west-2";
const kept = new Map<string, Promise<Account>>();
let seed: number | undefined;

/**
 * From now on accounts draw how long everything takes and when IAM and EC2 are consistent, and requests come too fast for
 * them; the first seed stands for the table's durations, and requests that AWS bears.
 */
export function drawAccountsFrom(chosen: number): void {
  seed = chosen === 1 ? undefined : chosen;
}

/** What accounts are drawn from; undefined: they are as the table says. */
export function accountSeed(): number | undefined {
  return seed;
}

/** An account that is made once for each seed, forked by all who need it, and closed at the end. */
export function keptAccount(name: string, make: () => Promise<Account>): Promise<Account> {
  const key = `${seed} ${name}`;
  const account = kept.get(key) ?? make();
  kept.set(key, account);
  return account;
}

export async function closeKeptAccounts(): Promise<void> {
  for (const account of await Promise.all(kept.values())) await account.close();
  kept.clear();
  seed = undefined;
}

/** An account in which others have something already: a cluster of the same name in another region, and what the files name. */
export function inhabited(): Promise<Account> {
  return keptAccount("inhabited", async () => {
    const account = await inhabit();
    if (seed === undefined) return account;
    // Those who came before had the patience that it takes.
    const copy = await account.fork({ seed, throttle: true });
    await account.close();
    return copy;
  });
}

/** An account in which the cluster of a file is up. */
export function made(text: string): Promise<Account> {
  return keptAccount(`made ${text}`, async () => {
    const account = await (await inhabited()).fork();
    const failures = failuresOf(await account.create(text));
    if (failures.length > 0) throw new Error(`the way there failed: ${failures.join("\n")}`);
    await account.rest();
    return account;
  });
}

async function inhabit(): Promise<Account> {
  const account = await openTestAccount();
  const { ec2, iam } = account.session(region).clients;
  const { Vpc: { VpcId } = {} } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.0.0/24" }));
  const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "theirs", Description: "theirs" }));
  const rule = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group.GroupId, IpPermissions: [rule] }));
  const PublicKeyMaterial = Buffer.from(`ssh-ed25519 ${sshKey} somebody`);
  await ec2.send(new ImportKeyPairCommand({ KeyName: "somebody", PublicKeyMaterial }));
  const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName: "somebody", AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "somebody", PolicyArn }));
  await account.create(files.plain.replaceAll(region, "eu-west-1"));
  const texts = [...Object.values(files), ...Object.values(edits).flatMap(Object.values<string>)];
  for (const text of [...texts, ...exampleFiles.map(([, text]) => text)]) {
    account.sandbox.residents(givenThings(parse(text)));
  }
  await account.rest();
  return account;
}

const sshKey = Buffer.concat([
  Buffer.from("0000000b7373682d6564323535313900000020", "hex"),
  Buffer.alloc(32, 7),
]).toString("base64");
