import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { afterEach, expect } from "vitest";
import { type Sandbox, sandboxCredentials } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";

export const region = "us-west-2";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A fresh account and a client of one region. */
export async function account(inRegion = region): Promise<Ec2Account> {
  const sandbox = await startTestSandbox();
  const ec2 = new EC2Client({
    region: inRegion,
    endpoint: sandbox.endpoint,
    credentials: sandboxCredentials,
    maxAttempts: 1,
  });
  open.push(async () => {
    ec2.destroy();
    await sandbox.close();
  });
  return { sandbox, ec2, pass: (seconds) => sandbox.clock.sleep(seconds * 1000) };
}

export interface Ec2Account {
  readonly sandbox: Sandbox;
  readonly ec2: EC2Client;
  /** Lets virtual time pass. */
  readonly pass: (seconds: number) => Promise<void>;
}

/** Expects AWS's error code. */
export async function refused(answer: Promise<unknown>, code: string, message?: RegExp): Promise<void> {
  await expect(answer).rejects.toMatchObject({ name: code });
  if (message) await expect(answer).rejects.toThrow(message);
}

/** Asserts that something is there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("expected a value");
  return value;
}

export async function makeVpc({ ec2 }: Ec2Account, CidrBlock = "10.0.0.0/16"): Promise<string> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock }));
  return present(Vpc?.VpcId);
}

export async function makeSubnet(
  { ec2 }: Ec2Account,
  VpcId: string,
  CidrBlock = "10.0.0.0/24",
  AvailabilityZone = "us-west-2a",
): Promise<string> {
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }));
  return present(Subnet?.SubnetId);
}

export async function makeGateway({ ec2 }: Ec2Account, VpcId?: string): Promise<string> {
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = present(InternetGateway?.InternetGatewayId);
  if (VpcId !== undefined) await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  return InternetGatewayId;
}

export async function makeAddress({ ec2 }: Ec2Account): Promise<string> {
  return present((await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }))).AllocationId);
}
