import { type Command, Option } from "commander";
import { InputError } from "../../errors.ts";
import type { Call } from "../call.ts";

/** eksctl's options that this tool knows by name only: long spelling to why. */
export type UnsupportedOptions = Readonly<Record<string, string>>;

const noStacks = "has no meaning here: no CloudFormation stack is made";

export const stackOptions: UnsupportedOptions = {
  "--cfn-role-arn": noStacks,
  "--cfn-disable-rollback": `${noStacks}; see --on-failure`,
};

export const unsupportedClusterOptions: UnsupportedOptions = {
  ...stackOptions,
  "--vpc-from-kops-cluster": "is not supported: name its subnets with --vpc-private-subnets and --vpc-public-subnets",
  "--install-vpc-controllers": "has no meaning here: EKS runs the controller by itself",
};

export const unsupportedNodegroupOptions: UnsupportedOptions = {
  "--enable-ssm": "is not needed: nodes can always be reached through SSM",
  "--nodegroup-parallelism": "is not needed: all nodegroups are made at once",
};

/** Accepts the options, with or without a value, so that they can be refused by name; help does not show them. */
export function addUnsupported(command: Command, options: UnsupportedOptions): void {
  for (const name of Object.keys(options)) command.addOption(new Option(`${name} [value]`).hideHelp());
}

/** @throws InputError naming the first that was given. */
export function refuseUnsupported(call: Call, options: UnsupportedOptions): void {
  const first = call.given.find((option) => option in options);
  if (first !== undefined) throw new InputError(`${first} ${options[first]}`);
}
