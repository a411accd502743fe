import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import { jsonText } from "../../../text.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import { printResult } from "../../output.ts";

interface Flags {
  readonly name?: string;
  readonly version?: string;
}

export function define(command: Command): void {
  command.option("-n, --name <name>", "the add-on").option("--version <version>", "its version, as v1.21.1-eksbuild.3");
  addExamples(command, ["utils describe-addon-configuration --name coredns --version v1.13.2-eksbuild.4"]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const name = required(call.flags.name, "--name");
  const version = required(call.flags.version, "--version");
  return withSession(call, {}, async ({ session }) => {
    const { describeAddonConfiguration } = await import("../../../operations/addon-versions.ts");
    const schema = await describeAddonConfiguration(session, name, version);
    await printResult(call, { document: schema, table: () => [jsonText(schema, 2)] });
    return exitCode.done;
  });
}
