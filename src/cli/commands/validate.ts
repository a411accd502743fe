import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../errors.ts";
import type { Call } from "../call.ts";
import { withSession } from "../connect.ts";
import { addExamples } from "../options/examples.ts";
import { type FileFlags, addFileOption, readConfigFile } from "../options/file.ts";
import { required } from "../options/name.ts";
import { addSwitch } from "../options/parse.ts";
import { printResult } from "../output.ts";

interface Flags extends FileFlags {
  readonly online?: boolean;
}

export function define(command: Command): void {
  addFileOption(command);
  addSwitch(
    command,
    "--online",
    "also ask AWS for versions, zones, instance types, add-ons, and what the file takes as given",
  );
  addExamples(command, [
    "validate -f cluster.yaml",
    "validate -f - < cluster.yaml",
    "validate -f cluster.yaml --online",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const file = required(call.flags.configFile, "--config-file/-f");
  const online = call.flags.online === true;
  const { config, problemOf } = await readConfigFile(call, file);
  const { checkWithAws, openQuestions } = await import("../../operations/check.ts");
  const answers = online
    ? await withSession(call, { config }, ({ session }) => checkWithAws(session, config))
    : { problems: [], unanswered: [] };
  if (answers.problems.length > 0) {
    const { ConfigError } = await import("../../config/errors.ts");
    throw new ConfigError(file, answers.problems.map(problemOf));
  }
  const { nodegroupNames } = await import("../../config/nodegroup-names.ts");
  const { metadata, addons = [] } = config;
  const nodegroups = nodegroupNames(config);
  const open = openQuestions(config).filter(({ asked }) => !(online && asked));
  const notChecked = [...answers.unanswered, ...open.map(({ question }) => question)];
  await printResult(call, {
    document: {
      valid: true,
      file,
      cluster: metadata.name,
      region: metadata.region,
      nodegroups,
      addons: addons.map(({ name }) => name),
      notChecked,
    },
    table: () => [
      `${file} is valid: cluster ${metadata.name} in ${metadata.region}, ${nodegroups.length} nodegroups`,
      ...(notChecked.length > 0 ? [`not checked${online ? "" : " (--online asks AWS)"}:`] : []),
      ...notChecked.map((question) => `  ${question}`),
    ],
  });
  return exitCode.done;
}
