import { Command } from "commander";
import type { ExitCode } from "../errors.ts";
import type { Call, CommandModule } from "./call.ts";
import type { Io } from "./io.ts";
import { type Globals, addGlobalOptions } from "./options/globals.ts";
import { acceptEqualsForms } from "./options/parse.ts";
import { terminal } from "./terminal.ts";

/** A command that does something. Its file is only loaded when it is called, so that the tool starts fast. */
interface Leaf {
  readonly summary: string;
  readonly aliases?: readonly string[];
  load(): Promise<CommandModule>;
}

/** A verb with nouns. */
interface Branch {
  readonly summary: string;
  readonly nouns: Readonly<Record<string, Leaf>>;
}

const clusterNames = ["clusters"];
const nodegroupNames = ["ng", "nodegroups"];
const addonNames = ["addons"];
const fargateProfileNames = ["fargateprofiles"];

const verbs: Readonly<Record<string, Leaf | Branch>> = {
  create: {
    summary: "create a cluster, or nodegroups in one",
    nouns: {
      cluster: {
        summary: "create a cluster from a file or from flags, or continue an unfinished one",
        load: () => import("./commands/create/cluster.ts"),
      },
      nodegroup: {
        summary: "add managed nodegroups to a cluster",
        aliases: nodegroupNames,
        load: () => import("./commands/create/nodegroup.ts"),
      },
    },
  },
  plan: {
    summary: "show what apply would change; change nothing",
    load: () => import("./commands/plan.ts"),
  },
  apply: {
    summary: "bring a cluster in line with its file, or carry out a saved plan",
    load: () => import("./commands/apply.ts"),
  },
  validate: {
    summary: "check a file without asking AWS anything",
    load: () => import("./commands/validate.ts"),
  },
  get: {
    summary: "list clusters, nodegroups or add-ons, whoever made them",
    nouns: {
      cluster: {
        summary: "list clusters, or describe one",
        aliases: clusterNames,
        load: () => import("./commands/get/cluster.ts"),
      },
      nodegroup: {
        summary: "list the nodegroups of a cluster",
        aliases: nodegroupNames,
        load: () => import("./commands/get/nodegroup.ts"),
      },
      addon: {
        summary: "list the add-ons of a cluster",
        aliases: addonNames,
        load: () => import("./commands/get/addon.ts"),
      },
      fargateprofile: {
        summary: "list the Fargate profiles of a cluster",
        aliases: fargateProfileNames,
        load: () => import("./commands/get/fargateprofile.ts"),
      },
    },
  },
  scale: {
    summary: "change the size of a nodegroup",
    nouns: {
      nodegroup: {
        summary: "change the size of a nodegroup",
        aliases: nodegroupNames,
        load: () => import("./commands/scale/nodegroup.ts"),
      },
    },
  },
  upgrade: {
    summary: "move a nodegroup to a newer version",
    nouns: {
      nodegroup: {
        summary: "move a nodegroup to a newer version",
        aliases: nodegroupNames,
        load: () => import("./commands/upgrade/nodegroup.ts"),
      },
    },
  },
  drain: {
    summary: "move what runs on a nodegroup away",
    nouns: {
      nodegroup: {
        summary: "cordon the nodes of nodegroups and move away what runs on them, or let pods come again",
        aliases: nodegroupNames,
        load: () => import("./commands/drain/nodegroup.ts"),
      },
    },
  },
  delete: {
    summary: "delete a cluster with all that belongs to it, or nodegroups",
    nouns: {
      cluster: {
        summary: "delete a cluster with all that belongs to it",
        load: () => import("./commands/delete/cluster.ts"),
      },
      nodegroup: {
        summary: "delete nodegroups of a cluster",
        aliases: nodegroupNames,
        load: () => import("./commands/delete/nodegroup.ts"),
      },
    },
  },
  utils: {
    summary: "small tasks around a cluster",
    nouns: {
      "write-kubeconfig": {
        summary: "write access to a cluster into the kubeconfig",
        load: () => import("./commands/utils/write-kubeconfig.ts"),
      },
      unlock: {
        summary: "take away the lock that a run on a cluster has left",
        load: () => import("./commands/utils/unlock.ts"),
      },
      schema: { summary: "print the JSON Schema of the file", load: () => import("./commands/utils/schema.ts") },
      "iam-policy": {
        summary: "print the IAM policy that a file takes, for create, apply, delete, upgrade or read",
        load: () => import("./commands/utils/iam-policy.ts"),
      },
      "show-userdata": {
        summary: "print the user data of a nodegroup's nodes, as a file means it",
        load: () => import("./commands/utils/show-userdata.ts"),
      },
      "describe-cluster-versions": {
        summary: "list the Kubernetes versions that EKS offers",
        load: () => import("./commands/utils/describe-cluster-versions.ts"),
      },
    },
  },
  token: {
    summary: "print a token for a cluster's Kubernetes API (the kubeconfig calls this)",
    load: () => import("./commands/token.ts"),
  },
  sandbox: {
    summary: "run or reset the embedded AWS",
    nouns: {
      serve: { summary: "serve the sandbox to any AWS client", load: () => import("./commands/sandbox/serve.ts") },
      reset: { summary: "forget everything in a sandbox", load: () => import("./commands/sandbox/reset.ts") },
    },
  },
  completion: {
    summary: "print a completion script for bash, zsh or fish",
    load: () => import("./commands/completion.ts"),
  },
  version: {
    summary: "print the tool's version",
    load: () => import("./commands/version.ts"),
  },
};

/** How the process ends is told by `done`, since commander returns nothing. */
export function buildProgram(argv: readonly string[], io: Io, done: (code: ExitCode) => void): Command {
  const program = new Command("ekstool")
    .description("Create and run Amazon EKS clusters from one declarative file.")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => undefined,
    })
    .showSuggestionAfterError()
    .exitOverride();
  addGlobalOptions(program);
  for (const [verb, entry] of Object.entries(verbs)) {
    const command = program.command(verb).helpCommand(false).summary(entry.summary).description(entry.summary);
    if ("load" in entry) prepare(command, entry);
    else for (const [noun, leaf] of Object.entries(entry.nouns)) prepare(command.command(noun), leaf);
  }
  return program;

  function prepare(command: Command, leaf: Leaf): void {
    command
      .summary(leaf.summary)
      .description(leaf.summary)
      .aliases([...(leaf.aliases ?? [])]);
    leaves.set(command, async () => {
      const module = await leaf.load();
      module.define(command);
      acceptEqualsForms(command);
      command.action(async () => done(await module.run(callOf(command, argv, io, program))));
    });
    command.parent?.hook("preSubcommand", async (_parent, called) => {
      if (called === command) await load(command);
    });
  }
}

const leaves = new WeakMap<Command, () => Promise<void>>();

/** Gives a command its options and its action. */
async function load(command: Command): Promise<void> {
  await leaves.get(command)?.();
}

/** Loads every command, for what needs all options. */
export async function loadAll(command: Command): Promise<void> {
  for (const child of command.commands) {
    await load(child);
    await loadAll(child);
  }
}

function callOf(command: Command, argv: readonly string[], io: Io, program: Command): Call<never> {
  const given = command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
    .filter((option) => !option.negate)
    .map((option) => `--${option.name()}`);
  return {
    argv,
    args: command.args,
    flags: command.opts<never>(),
    given,
    globals: program.opts<Globals>(),
    io,
    terminal: terminal(io.stderr, io.env),
    program,
  };
}
