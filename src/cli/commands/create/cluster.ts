import { type Command, Option } from "commander";
import type { ClusterConfig } from "../../../config/types.ts";
import { type ExitCode, InputError, exitCode } from "../../../errors.ts";
import { jsonText } from "../../../text.ts";
import type { OnFailure } from "../../../operations/proposal.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { chosenRegion, withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import {
  type DevicePluginFlags,
  addDevicePluginOptions,
  devicePluginOptionNames,
  withoutDevicePlugins,
} from "../../options/device-plugins.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../../options/file.ts";
import {
  type KubeconfigFlags,
  addKubeconfigOptions,
  kubeconfigChoice,
  kubeconfigFile,
  kubeconfigOptionNames,
} from "../../options/kubeconfig.ts";
import { nameOf } from "../../options/name.ts";
import {
  type NodegroupFlags,
  addNodegroupOptions,
  nodegroupFromFlags,
  nodegroupOptionNames,
} from "../../options/nodegroup.ts";
import { addOnFailureOption } from "../../options/on-failure.ts";
import { addSwitch, keyValues, list } from "../../options/parse.ts";
import {
  addUnsupported,
  refuseUnsupported,
  unsupportedClusterOptions,
  unsupportedNodegroupOptions,
} from "../../options/unsupported.ts";
import { defined, unlessEmpty } from "../../options/section.ts";
import { randomClusterName, randomNodegroupName } from "../../random-name.ts";
import { clusterTable, renderClusterSummary } from "../../render/summary.ts";

interface Flags extends FileFlags, KubeconfigFlags, NodegroupFlags, DevicePluginFlags {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly zones?: readonly string[];
  readonly withOidc?: boolean;
  readonly supportType?: string;
  readonly vpcCidr?: string;
  readonly vpcNatMode?: string;
  readonly vpcPrivateSubnets?: readonly string[];
  readonly vpcPublicSubnets?: readonly string[];
  readonly nodegroupName?: string;
  readonly fargate?: boolean;
  readonly enableAutoMode?: boolean;
  readonly withoutNodegroup?: boolean;
  readonly writeKubeconfig?: boolean;
  readonly dryRun?: boolean;
  readonly onFailure: OnFailure;
}

const unsupported = { ...unsupportedClusterOptions, ...unsupportedNodegroupOptions };

const besideFile = [
  "--without-nodegroup",
  "--dry-run",
  "--on-failure",
  "--write-kubeconfig",
  ...devicePluginOptionNames,
  ...kubeconfigOptionNames,
];

export function define(command: Command): void {
  command.argument("[name]", "cluster name (default: made up)");
  addFileOption(command);
  command
    .option("-n, --name <name>", "cluster name (default: made up)")
    .option("--tags <tags>", "tags of everything that is made, as key=value,key=value", keyValues)
    .option("--version <version>", "Kubernetes version (default: the one that EKS flags as default)")
    .option("--zones <zones>", "availability zones (default: chosen by ekstool)", list);
  addSwitch(command, "--with-oidc", "make the IAM OpenID Connect provider");
  command.option("--support-type <type>", "STANDARD or EXTENDED");
  addSwitch(command, "--dry-run", "print the ClusterConfig with all defaults instead of creating anything");
  addOnFailureOption(command);
  command
    .optionsGroup("Network:")
    .option("--vpc-cidr <cidr>", "IPv4 block of the VPC (default: 192.168.0.0/16)")
    .addOption(
      new Option("--vpc-nat-mode <mode>", "NAT gateways of the VPC (default: Single)").choices([
        "HighlyAvailable",
        "Single",
        "Disable",
      ]),
    );
  command
    .option("--vpc-private-subnets <ids>", "private subnets of a VPC that exists", list)
    .option("--vpc-public-subnets <ids>", "public subnets of a VPC that exists", list);
  addNodegroupOptions(command);
  command.optionsGroup("Nodegroup:");
  command.option("--nodegroup-name <name>", "name of the nodegroup (default: made up)");
  addSwitch(command, "--without-nodegroup", "make no nodegroup");
  addSwitch(
    command,
    "--fargate",
    "run the pods of default and kube-system on Fargate; no nodegroup unless --managed is given",
  );
  addDevicePluginOptions(command);
  addSwitch(command, "--enable-auto-mode", "let EKS launch nodes as pods need them (EKS Auto Mode); no nodegroup");
  addKubeconfigOptions(command);
  addSwitch(command, "--write-kubeconfig", "write the kubeconfig (default: true)");
  addUnsupported(command, unsupported);
  addExamples(command, [
    "create cluster -f cluster.yaml",
    "create cluster -f examples/quickstart.yaml --sandbox",
    "create cluster --name dev --region eu-west-1 --nodes 3 --node-type m6i.large",
    "create cluster --name dev --dry-run > cluster.yaml",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  refuseUnsupported(call, unsupported);
  const config = await configOf(call);
  if (flags.dryRun === true) return printDefaulted(call, config);
  const kubeconfig = kubeconfigFile(flags, config.metadata.name, call);
  return withSession(call, { config, ...(kubeconfig === undefined ? {} : { kubeconfig }) }, async (connected) => {
    const { proposeCreate } = await import("../../../operations/cluster.ts");
    const choice = flags.writeKubeconfig === false ? undefined : kubeconfigChoice(flags, call);
    const options = { ...(choice && { kubeconfig: choice }), withoutDevicePlugins: withoutDevicePlugins(flags) };
    return carryOut(call, connected, () => proposeCreate(connected.session, config, options), {
      ask: "never",
      onFailure: flags.onFailure,
      result: (output) => ({ document: output, table: () => clusterTable(output) }),
      summary: (output, result) => renderClusterSummary(output, result, call),
    });
  });
}

async function configOf(call: Call<Flags>): Promise<ClusterConfig> {
  const { flags } = call;
  if (flags.configFile === undefined) return configFromFlags(call);
  refuseBesideFile(call, besideFile);
  const config = await loadConfigFile(call, flags.configFile);
  return flags.withoutNodegroup === true ? { ...config, nodeGroups: [], managedNodeGroups: [] } : config;
}

async function configFromFlags(call: Call<Flags>): Promise<ClusterConfig> {
  const { flags, terminal } = call;
  const { validateClusterConfig } = await import("../../../config/load.ts");
  const chosen = nameOf(call, "--name", flags.name);
  const name = chosen ?? randomClusterName();
  if (chosen === undefined) terminal.line(`cluster name: ${name}`);
  if (flags.withoutNodegroup === true && flags.nodegroupName !== undefined) {
    throw new InputError("--nodegroup-name and --without-nodegroup cannot be used together");
  }
  if (flags.enableAutoMode === true) refuseNodes(call);
  const config = defined({
    apiVersion: "eksctl.io/v1alpha5",
    kind: "ClusterConfig",
    metadata: defined({ name, region: await chosenRegion(call), version: flags.version, tags: flags.tags }),
    availabilityZones: flags.zones,
    iam: flags.withOidc === undefined ? undefined : { withOIDC: flags.withOidc },
    upgradePolicy: flags.supportType === undefined ? undefined : { supportType: flags.supportType },
    vpc: vpc(flags),
    autoModeConfig: flags.enableAutoMode === undefined ? undefined : { enabled: flags.enableAutoMode },
    fargateProfiles: flags.fargate === true ? [defaultFargateProfile] : undefined,
    ...(hasNodegroup(flags) ? nodegroupFromFlags(flags.nodegroupName ?? randomNodegroupName(), flags) : {}),
  });
  return validateClusterConfig(config, "flags");
}

/** @throws InputError for options about nodes: those of Auto Mode are EKS's. */
function refuseNodes({ given }: Call): void {
  const ofNodes = new Set([...nodegroupOptionNames(), "--nodegroup-name", "--without-nodegroup", "--fargate"]);
  const first = given.find((option) => ofNodes.has(option));
  if (first === undefined) return;
  throw new InputError(`${first} cannot be used with --enable-auto-mode: EKS launches the nodes`);
}

/** What `--fargate` stands for, as in eksctl. */
const defaultFargateProfile = {
  name: "fp-default",
  selectors: [{ namespace: "default" }, { namespace: "kube-system" }],
};

function hasNodegroup({ withoutNodegroup, enableAutoMode, fargate, managed }: Flags): boolean {
  return withoutNodegroup !== true && enableAutoMode !== true && (fargate !== true || managed === true);
}

function vpc({ vpcCidr, vpcNatMode, vpcPrivateSubnets, vpcPublicSubnets }: Flags) {
  const subnets = defined({ private: named(vpcPrivateSubnets), public: named(vpcPublicSubnets) });
  return unlessEmpty(
    defined({
      cidr: vpcCidr,
      nat: vpcNatMode === undefined ? undefined : { gateway: vpcNatMode },
      subnets: unlessEmpty(subnets),
    }),
  );
}

/** Each under its id, which says all. */
function named(ids: readonly string[] | undefined) {
  return ids && Object.fromEntries(ids.map((id) => [id, { id }]));
}

/** A ClusterConfig that can be fed back; `-o json` gives it as JSON, which is YAML too. */
async function printDefaulted(call: Call<Flags>, config: ClusterConfig): Promise<ExitCode> {
  const { withDefaults } = await import("../../../config/defaults.ts");
  const { formatYaml } = await import("../../../yaml.ts");
  const full = withDefaults(config);
  const text = call.globals.output === "json" ? `${jsonText(full, 2)}\n` : formatYaml(full);
  call.io.stdout.write(text);
  return exitCode.done;
}
