import type { Command } from "commander";
import { type ExitCode, InputError, exitCode } from "../../../errors.ts";
import type { IamPolicy } from "../../../operations/iam-policy.ts";
import { type Purpose, purposes } from "../../../operations/purposes.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile } from "../../options/file.ts";
import { required } from "../../options/name.ts";
import { addSwitch, list, wholeNumber } from "../../options/parse.ts";
import { printResult } from "../../output.ts";
import { renderPermissions } from "../../render/permissions.ts";

interface Flags extends FileFlags {
  readonly for?: readonly string[];
  readonly account?: string;
  readonly withoutOptional?: boolean;
  readonly document?: number;
}

export function define(command: Command): void {
  addFileOption(command);
  command
    .option("--for <purposes>", `what the policy is for: ${purposes.join(", ")}, or several`, list)
    .option("--account <id>", "narrow it to this account (default: every account)")
    .option("--document <number>", "only this one, where IAM's size limit takes several", wholeNumber(1));
  addSwitch(command, "--without-optional", "leave out what ekstool can go on without");
  addExamples(command, [
    "utils iam-policy -f cluster.yaml --for create > policy.json",
    "utils iam-policy -f cluster.yaml --for create,delete --account 111122223333 --document 1",
    "utils iam-policy -f cluster.yaml --for apply -o table",
  ]);
  command.addHelpText(
    "after",
    "\nPrints JSON, as IAM takes it. -o table says of each action why it is needed. AWS is not asked.",
  );
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  const file = required(flags.configFile, "--config-file/-f");
  const wanted = purposesOf(flags.for);
  const account = accountOf(flags.account);
  const config = await loadConfigFile(call, file);
  const { iamPolicy } = await import("../../../operations/iam-policy.ts");
  const policy = iamPolicy(config, { account, purposes: wanted, optional: flags.withoutOptional !== true });
  const document = documentOf(policy, flags.document);
  if (policy.documents.length > 1 && flags.document === undefined) {
    call.terminal.line(
      `note: this takes ${policy.documents.length} managed policies, since IAM limits the size of one; a principal needs all of them. --document 1 prints the first alone.`,
    );
  }
  const typed = call.program.getOptionValueSource("output") === "cli";
  const output = typed ? call.globals.output : "json";
  await printResult(
    { io: call.io, globals: { ...call.globals, output } },
    { document, table: () => renderPermissions(policy.permissions) },
  );
  return exitCode.done;
}

function purposesOf(given: readonly string[] | undefined): readonly Purpose[] {
  const wanted = required(given?.join(","), "--for").split(",");
  return wanted.map((word) => {
    const purpose = purposes.find((one) => one === word);
    if (purpose !== undefined) return purpose;
    throw new InputError(`--for ${word} is not known`, { hint: `choose from ${purposes.join(", ")}` });
  });
}

function accountOf(given: string | undefined): string {
  if (given === undefined || /^\d{12}$/u.test(given)) return given ?? "*";
  throw new InputError(`--account ${given} is not the id of an AWS account`, { hint: "it has twelve digits" });
}

/** The one document, or the list of all. */
function documentOf({ documents }: IamPolicy, number: number | undefined): unknown {
  if (number === undefined) return documents.length === 1 ? documents[0] : documents;
  const chosen = documents[number - 1];
  if (chosen !== undefined) return chosen;
  throw new InputError(`there is no document ${number}`, { hint: `the policy has ${documents.length}` });
}
