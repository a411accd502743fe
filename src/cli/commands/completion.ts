import type { Command } from "commander";
import { type ExitCode, InputError, exitCode } from "../../errors.ts";
import type { Call } from "../call.ts";
import { bashScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import { describeProgram } from "../completion/program-words.ts";
import { zshScript } from "../completion/zsh.ts";
import { addExamples } from "../options/examples.ts";
import { loadAll } from "../program.ts";

const shells = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export function define(command: Command): void {
  command.argument("<shell>", Object.keys(shells).join(", "));
  addExamples(command, [
    "completion bash > ~/.local/share/bash-completion/completions/ekstool",
    'completion zsh > "${fpath[1]}/_ekstool"',
    "completion fish > ~/.config/fish/completions/ekstool.fish",
  ]);
}

export async function run(call: Call): Promise<ExitCode> {
  const [shell = ""] = call.args;
  if (!isShell(shell)) {
    throw new InputError(`there is no completion for ${shell}`, {
      hint: `choose from ${Object.keys(shells).join(", ")}`,
    });
  }
  await loadAll(call.program);
  call.io.stdout.write(shells[shell](describeProgram(call.program)));
  return exitCode.done;
}

function isShell(name: string): name is keyof typeof shells {
  return Object.hasOwn(shells, name);
}
