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
const capabilityNames = ["capabilities"];
const fargateProfileNames = ["fargateprofiles"];
const accessEntryNames = ["accessentries"];
const associationNames = ["podidentityassociations"];
const serviceAccountNames = ["iamserviceaccounts"];
const identityMappingNames = ["iamidentitymappings"];
const identityProviderNames = ["identityproviders"];

const verbs: Readonly<Record<string, Leaf | Branch>> = {
  create: {
    summary: "create a cluster, or parts of one",
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
      fargateprofile: {
        summary: "add Fargate profiles to a cluster",
        aliases: fargateProfileNames,
        load: () => import("./commands/create/fargateprofile.ts"),
      },
      addon: {
        summary: "add EKS add-ons to a cluster",
        aliases: addonNames,
        load: () => import("./commands/create/addon.ts"),
      },
      capability: {
        summary: "add capabilities (ACK, kro, Argo CD) to a cluster",
        aliases: capabilityNames,
        load: () => import("./commands/create/capability.ts"),
      },
      accessentry: {
        summary: "let IAM principals enter a cluster",
        aliases: accessEntryNames,
        load: () => import("./commands/create/accessentry.ts"),
      },
      podidentityassociation: {
        summary: "give service accounts roles by EKS Pod Identity",
        aliases: associationNames,
        load: () => import("./commands/create/podidentityassociation.ts"),
      },
      iamserviceaccount: {
        summary: "make service accounts with roles by the OIDC provider",
        aliases: serviceAccountNames,
        load: () => import("./commands/create/iamserviceaccount.ts"),
      },
      iamidentitymapping: {
        summary: "map IAM principals in the ConfigMap aws-auth",
        aliases: identityMappingNames,
        load: () => import("./commands/create/iamidentitymapping.ts"),
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
    summary: "list clusters and what they have, whoever made it",
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
      capability: {
        summary: "list the capabilities of a cluster",
        aliases: capabilityNames,
        load: () => import("./commands/get/capability.ts"),
      },
      fargateprofile: {
        summary: "list the Fargate profiles of a cluster",
        aliases: fargateProfileNames,
        load: () => import("./commands/get/fargateprofile.ts"),
      },
      accessentry: {
        summary: "list who may enter a cluster by an access entry",
        aliases: accessEntryNames,
        load: () => import("./commands/get/accessentry.ts"),
      },
      podidentityassociation: {
        summary: "list the pod identity associations of a cluster",
        aliases: associationNames,
        load: () => import("./commands/get/podidentityassociation.ts"),
      },
      iamserviceaccount: {
        summary: "list the service accounts that ekstool gave roles",
        aliases: serviceAccountNames,
        load: () => import("./commands/get/iamserviceaccount.ts"),
      },
      labels: {
        summary: "list the labels of the nodes of nodegroups",
        load: () => import("./commands/get/labels.ts"),
      },
      iamidentitymapping: {
        summary: "list what the ConfigMap aws-auth maps",
        aliases: identityMappingNames,
        load: () => import("./commands/get/iamidentitymapping.ts"),
      },
      identityprovider: {
        summary: "list the identity provider of a cluster",
        aliases: identityProviderNames,
        load: () => import("./commands/get/identityprovider.ts"),
      },
    },
  },
  update: {
    summary: "change parts of a cluster, and nothing else of it",
    nouns: {
      nodegroup: {
        summary: "bring nodegroups in line with a file",
        aliases: nodegroupNames,
        load: () => import("./commands/update/nodegroup.ts"),
      },
      "auto-mode-config": {
        summary: "turn EKS Auto Mode on or off, or change its pools",
        load: () => import("./commands/update/auto-mode-config.ts"),
      },
      cluster: {
        summary: "the older name of upgrade cluster",
        load: () => import("./commands/upgrade/cluster.ts"),
      },
      addon: {
        summary: "bring add-ons to another version or configuration",
        aliases: addonNames,
        load: () => import("./commands/update/addon.ts"),
      },
      capability: {
        summary: "change the role of a capability, or settings of Argo CD",
        aliases: capabilityNames,
        load: () => import("./commands/update/capability.ts"),
      },
      podidentityassociation: {
        summary: "change pod identity associations",
        aliases: associationNames,
        load: () => import("./commands/update/podidentityassociation.ts"),
      },
      iamserviceaccount: {
        summary: "change the policies of service accounts",
        aliases: serviceAccountNames,
        load: () => import("./commands/update/iamserviceaccount.ts"),
      },
      accessentry: {
        summary: "change groups, names and policies of access entries",
        aliases: accessEntryNames,
        load: () => import("./commands/update/accessentry.ts"),
      },
    },
  },
  set: {
    summary: "set labels of the nodes of a nodegroup",
    nouns: {
      labels: {
        summary: "set labels of the nodes of a nodegroup",
        load: () => import("./commands/set/labels.ts"),
      },
    },
  },
  unset: {
    summary: "take labels of the nodes of a nodegroup away",
    nouns: {
      labels: {
        summary: "take labels of the nodes of a nodegroup away",
        load: () => import("./commands/unset/labels.ts"),
      },
    },
  },
  enable: {
    summary: "bootstrap Flux in a cluster",
    nouns: {
      flux: {
        summary: "bootstrap Flux in a cluster, as gitops.flux of the file has it",
        load: () => import("./commands/enable/flux.ts"),
      },
    },
  },
  associate: {
    summary: "associate an identity provider with a cluster",
    nouns: {
      identityprovider: {
        summary: "let the users of an OIDC provider enter a cluster",
        aliases: identityProviderNames,
        load: () => import("./commands/associate/identityprovider.ts"),
      },
    },
  },
  disassociate: {
    summary: "take the identity provider of a cluster away",
    nouns: {
      identityprovider: {
        summary: "take the identity provider of a cluster away",
        aliases: identityProviderNames,
        load: () => import("./commands/disassociate/identityprovider.ts"),
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
    summary: "move a control plane or a nodegroup to a newer version",
    nouns: {
      cluster: {
        summary: "move a control plane to a newer Kubernetes version, or take its last upgrade back",
        load: () => import("./commands/upgrade/cluster.ts"),
      },
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
    summary: "delete a cluster with all that belongs to it, or parts of one",
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
      fargateprofile: {
        summary: "delete Fargate profiles of a cluster",
        aliases: fargateProfileNames,
        load: () => import("./commands/delete/fargateprofile.ts"),
      },
      addon: {
        summary: "delete add-ons of a cluster",
        aliases: addonNames,
        load: () => import("./commands/delete/addon.ts"),
      },
      capability: {
        summary: "delete capabilities of a cluster; what they made stays",
        aliases: capabilityNames,
        load: () => import("./commands/delete/capability.ts"),
      },
      accessentry: {
        summary: "delete access entries of a cluster",
        aliases: accessEntryNames,
        load: () => import("./commands/delete/accessentry.ts"),
      },
      podidentityassociation: {
        summary: "delete pod identity associations of a cluster",
        aliases: associationNames,
        load: () => import("./commands/delete/podidentityassociation.ts"),
      },
      iamserviceaccount: {
        summary: "delete service accounts and their roles",
        aliases: serviceAccountNames,
        load: () => import("./commands/delete/iamserviceaccount.ts"),
      },
      iamidentitymapping: {
        summary: "delete a mapping from the ConfigMap aws-auth",
        aliases: identityMappingNames,
        load: () => import("./commands/delete/iamidentitymapping.ts"),
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
      "associate-iam-oidc-provider": {
        summary: "let the service accounts of a cluster have roles (IRSA)",
        load: () => import("./commands/utils/associate-iam-oidc-provider.ts"),
      },
      "update-cluster-vpc-config": {
        summary: "change who reaches a cluster's endpoint, and where its control plane is",
        load: () => import("./commands/utils/update-cluster-vpc-config.ts"),
      },
      "update-cluster-endpoints": {
        summary: "the older name of update-cluster-vpc-config",
        load: () => import("./commands/utils/update-cluster-vpc-config.ts"),
      },
      "set-public-access-cidrs": {
        summary: "the older name of update-cluster-vpc-config --public-access-cidrs",
        load: () => import("./commands/utils/update-cluster-vpc-config.ts"),
      },
      "update-cluster-logging": {
        summary: "turn logs of the control plane on or off",
        load: () => import("./commands/utils/update-cluster-logging.ts"),
      },
      "enable-secrets-encryption": {
        summary: "encrypt the secrets of a cluster with a KMS key",
        load: () => import("./commands/utils/enable-secrets-encryption.ts"),
      },
      "update-zonal-shift-config": {
        summary: "turn ARC zonal shift on or off",
        load: () => import("./commands/utils/update-zonal-shift-config.ts"),
      },
      "update-control-plane-component-config": {
        summary: "change settings of the API server, the scheduler and the controller manager",
        load: () => import("./commands/utils/update-control-plane-component-config.ts"),
      },
      "update-legacy-subnet-settings": {
        summary: "let nodes in public subnets of a cluster have public addresses",
        load: () => import("./commands/utils/update-legacy-subnet-settings.ts"),
      },
      "nodegroup-health": {
        summary: "print what EKS reports as wrong with a nodegroup",
        load: () => import("./commands/utils/nodegroup-health.ts"),
      },
      "describe-addon-versions": {
        summary: "list the add-ons that EKS offers, with their versions",
        load: () => import("./commands/utils/describe-addon-versions.ts"),
      },
      "describe-addon-configuration": {
        summary: "print the JSON Schema of the settings of an add-on",
        load: () => import("./commands/utils/describe-addon-configuration.ts"),
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
