import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "../../errors.ts";
import { type Authenticator, apiIdPlaceholder, authenticators, execPlugin } from "../../operations/exec-plugin.ts";
import type { KubeconfigChoice } from "../../operations/kubeconfig.ts";
import type { Call } from "../call.ts";
import { addSwitch } from "./parse.ts";

export interface KubeconfigFlags {
  readonly kubeconfig?: string;
  readonly autoKubeconfig?: boolean;
  readonly setKubeconfigContext?: boolean;
  readonly authenticator: Authenticator;
  readonly authenticatorRoleArn?: string;
}

/** Options that may stand beside a file. */
export const kubeconfigOptionNames = [
  "--kubeconfig",
  "--auto-kubeconfig",
  "--set-kubeconfig-context",
  "--authenticator",
  "--authenticator-role-arn",
] as const;

export function addKubeconfigOptions(command: Command): void {
  command.optionsGroup("Kubeconfig:");
  command.option("--kubeconfig <path>", "file to write (default: KUBECONFIG, or ~/.kube/config)");
  addSwitch(command, "--auto-kubeconfig", "write ~/.kube/eksctl/clusters/<cluster> instead");
  addSwitch(command, "--set-kubeconfig-context", "make it the current context (default: true)");
  command
    .addOption(
      new Option("--authenticator <program>", "program that kubectl gets tokens from")
        .choices(authenticators)
        .default("ekstool"),
    )
    .option("--authenticator-role-arn <arn>", "role that the program assumes first");
}

/** The file to use in place of the usual ones, if one was chosen. */
export function kubeconfigFile(flags: KubeconfigFlags, cluster: string, call: Call): string | undefined {
  if (flags.autoKubeconfig !== true) return flags.kubeconfig;
  if (flags.kubeconfig !== undefined) {
    throw new InputError("--kubeconfig and --auto-kubeconfig cannot be used together");
  }
  return join(call.io.env["HOME"] ?? homedir(), ".kube", "eksctl", "clusters", cluster);
}

export function kubeconfigChoice(flags: KubeconfigFlags, call: Call): KubeconfigChoice {
  const { globals, io } = call;
  const sandbox = globals.sandbox ?? io.env["EKSTOOL_SANDBOX"];
  return {
    setCurrent: flags.setKubeconfigContext !== false,
    exec: ({ cluster, region }, isLocalCluster) =>
      execPlugin({
        authenticator: flags.authenticator,
        self: selfFor(call),
        selfOptions: sandbox === undefined ? [] : [`--sandbox=${absoluteSandbox(sandbox, io.cwd)}`],
        cluster: isLocalCluster ? apiIdPlaceholder : cluster,
        isLocalCluster,
        region,
        ...(flags.authenticatorRoleArn === undefined ? {} : { roleArn: flags.authenticatorRoleArn }),
        ...(globals.profile === undefined ? profileFromEnvironment(call) : { profile: globals.profile }),
      }),
  };
}

function profileFromEnvironment({ io }: Call): { profile?: string } {
  const profile = io.env["AWS_PROFILE"];
  return profile === undefined || profile === "" ? {} : { profile };
}

/** kubectl runs the program from any directory. */
function absoluteSandbox(sandbox: string, cwd: string): string {
  return sandbox === "" || /^https?:/u.test(sandbox) ? sandbox : resolve(cwd, sandbox);
}

/**
 * `ekstool` where that finds this very tool in every shell; else by its full path. What npx and npm scripts put on
 * the PATH is gone afterwards, and does not count.
 */
function selfFor({ io }: Call): readonly string[] {
  const [, script] = io.self;
  const lasting = (io.env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "" && !directory.includes("node_modules"));
  const found = lasting.map((directory) => realPath(join(directory, "ekstool"))).find((path) => path !== undefined);
  return found !== undefined && found === script ? ["ekstool"] : io.self;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Not there, or not for us to read: then it is not this tool.
    return undefined;
  }
}
