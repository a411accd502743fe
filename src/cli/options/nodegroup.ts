import { Command, Option } from "commander";
import { addSwitch, keyValues, list, wholeNumber } from "./parse.ts";
import { type Section, defined, unlessEmpty } from "./section.ts";

/** eksctl's options that shape one nodegroup. What is absent was not typed. */
export interface NodegroupFlags {
  readonly managed?: boolean;
  readonly nodeType?: string;
  readonly instanceTypes?: readonly string[];
  readonly spot?: boolean;
  readonly nodes?: number;
  readonly nodesMin?: number;
  readonly nodesMax?: number;
  readonly nodeVolumeSize?: number;
  readonly nodeVolumeType?: string;
  readonly nodeAmiFamily?: string;
  readonly nodeAmi?: string;
  readonly maxPodsPerNode?: number;
  readonly instanceSelectorVcpus?: number;
  readonly instanceSelectorMemory?: string;
  readonly instanceSelectorCpuArchitecture?: string;
  readonly instanceSelectorGpus?: number;
  readonly instanceSelectorNeuronDevices?: number;
  readonly nodePrivateNetworking?: boolean;
  readonly nodeSecurityGroups?: readonly string[];
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly nodeZones?: readonly string[];
  readonly instancePrefix?: string;
  readonly instanceName?: string;
  readonly disablePodImds?: boolean;
  readonly sshAccess?: boolean;
  readonly sshPublicKey?: string;
  readonly enableNodeRepair?: boolean;
  readonly nodeRepairMaxUnhealthyPercentage?: number;
  readonly nodeRepairMaxUnhealthyCount?: number;
  readonly nodeRepairMaxParallelPercentage?: number;
  readonly nodeRepairMaxParallelCount?: number;
  readonly asgAccess?: boolean;
  readonly externalDnsAccess?: boolean;
  readonly fullEcrAccess?: boolean;
  readonly appmeshAccess?: boolean;
  readonly appmeshPreviewAccess?: boolean;
  readonly albIngressAccess?: boolean;
}

const count = wholeNumber(0);

export function addNodegroupOptions(command: Command): void {
  command.optionsGroup("Nodegroup:");
  addSwitch(command, "--managed", "make an EKS-managed nodegroup, not a self-managed one (default: true)");
  command
    .option("-t, --node-type <type>", "instance type (default: m5.large)")
    .option("--instance-types <types>", "several instance types, as c5.large,c5a.large", list);
  addSwitch(command, "--spot", "use spot instances");
  command
    .option("-N, --nodes <count>", "nodes at first (default: 2)", count)
    .option("-m, --nodes-min <count>", "fewest nodes (default: as --nodes)", count)
    .option("-M, --nodes-max <count>", "most nodes (default: as --nodes)", wholeNumber(1))
    .option("--node-volume-size <GiB>", "size of a node's disk (default: 80)", wholeNumber(1))
    .option("--node-volume-type <type>", "type of a node's disk (default: gp3)")
    .option("--node-ami-family <family>", "AmazonLinux2023, Bottlerocket, Ubuntu2404 ... (default: AmazonLinux2023)")
    .option("--node-ami <id>", "image of your own, as ami-0123456789abcdef0 (default: the newest)")
    .option("--max-pods-per-node <count>", "most pods of a node (default: what its type has addresses for)", count);
  addSwitch(command, "-P, --node-private-networking", "put the nodes into the private subnets");
  command
    .option("--node-security-groups <ids>", "further security groups of the nodes", list)
    .option("--node-labels <labels>", "Kubernetes labels of the nodes, as key=value,key=value", keyValues)
    .option("--node-zones <zones>", "availability zones (default: the cluster's)", list)
    .option("--instance-prefix <prefix>", "start of the instances' Name tag")
    .option("--instance-name <name>", "the instances' Name tag");
  addSwitch(command, "--disable-pod-imds", "keep pods from the instance metadata service");
  addSwitch(command, "--ssh-access", "allow SSH to the nodes");
  command.option("--ssh-public-key <name>", "key for SSH: a file, a public key, or the name of an EC2 key pair");
  addSwitch(command, "--enable-node-repair", "let EKS repair unhealthy nodes");
  command
    .option("--node-repair-max-unhealthy-percentage <n>", "no repair while more nodes are unhealthy", count)
    .option("--node-repair-max-unhealthy-count <n>", "no repair while more nodes are unhealthy", count)
    .option("--node-repair-max-parallel-percentage <n>", "nodes repaired at once", count)
    .option("--node-repair-max-parallel-count <n>", "nodes repaired at once", count);
  command
    .optionsGroup("Instance types by what they are:")
    .option("--instance-selector-vcpus <count>", "vCPUs, exactly", wholeNumber(1))
    .option("--instance-selector-memory <amount>", "memory, exactly, as 8 or 8GiB")
    .addOption(
      new Option("--instance-selector-cpu-architecture <name>", "architecture (default: x86_64)").choices([
        "x86_64",
        "amd64",
        "arm64",
      ]),
    )
    .option("--instance-selector-gpus <count>", "GPUs, exactly (default: 0)", count)
    .option("--instance-selector-neuron-devices <count>", "Neuron devices, exactly (default: 0)", count);
  command.optionsGroup("Permissions of the nodes:");
  addSwitch(command, "--asg-access", "for the cluster autoscaler");
  addSwitch(command, "--external-dns-access", "for external-dns");
  addSwitch(command, "--full-ecr-access", "full access to ECR");
  addSwitch(command, "--appmesh-access", "for App Mesh");
  addSwitch(command, "--appmesh-preview-access", "for App Mesh's preview");
  addSwitch(command, "--alb-ingress-access", "for the AWS Load Balancer Controller");
}

export function nodegroupOptionNames(): readonly string[] {
  const command = new Command();
  addNodegroupOptions(command);
  return command.options.map((option) => `--${option.name()}`);
}

/**
 * The nodegroup that the options mean, as the section of a file that it would stand in. Only what was typed is in it: defaults are
 * not its business.
 *
 * @throws InputError for what a file could not say.
 */
export function nodegroupFromFlags(name: string, flags: NodegroupFlags, more: Section = {}): Section {
  const group = defined({
    name,
    amiFamily: flags.nodeAmiFamily,
    ami: flags.nodeAmi,
    instanceType: flags.nodeType,
    instanceTypes: flags.instanceTypes,
    instanceSelector: unlessEmpty(selector(flags)),
    spot: flags.spot,
    ...sizes(flags),
    volumeSize: flags.nodeVolumeSize,
    volumeType: flags.nodeVolumeType,
    maxPodsPerNode: flags.maxPodsPerNode,
    privateNetworking: flags.nodePrivateNetworking,
    labels: flags.nodeLabels,
    availabilityZones: flags.nodeZones,
    instancePrefix: flags.instancePrefix,
    instanceName: flags.instanceName,
    disablePodIMDS: flags.disablePodImds,
    securityGroups: flags.nodeSecurityGroups && { attachIDs: flags.nodeSecurityGroups },
    ssh: ssh(flags),
    iam: permissions(flags),
    nodeRepairConfig: unlessEmpty(nodeRepair(flags)),
    ...more,
  });
  return flags.managed === false ? { nodeGroups: [group] } : { managedNodeGroups: [group] };
}

function selector(flags: NodegroupFlags): Section {
  return defined({
    vCPUs: flags.instanceSelectorVcpus,
    memory: flags.instanceSelectorMemory,
    cpuArchitecture: flags.instanceSelectorCpuArchitecture,
    gpus: flags.instanceSelectorGpus,
    neuron_devices: flags.instanceSelectorNeuronDevices,
  });
}

/** Without any number: two nodes. Minimum and maximum follow the number of nodes, and it follows them. */
function sizes({ nodes, nodesMin, nodesMax }: NodegroupFlags) {
  const desiredCapacity = nodes ?? nodesMin ?? Math.min(2, nodesMax ?? 2);
  return {
    desiredCapacity,
    minSize: nodesMin ?? desiredCapacity,
    maxSize: nodesMax ?? Math.max(desiredCapacity, 1),
  };
}

function ssh({ sshAccess, sshPublicKey }: NodegroupFlags) {
  if (sshAccess === undefined && sshPublicKey === undefined) return undefined;
  // eksctl's flag takes any of the three.
  const key =
    sshPublicKey === undefined
      ? {}
      : /^ssh-(?:rsa|ed25519) /u.test(sshPublicKey)
        ? { publicKey: sshPublicKey }
        : /[/\\]|\.pub$/u.test(sshPublicKey)
          ? { publicKeyPath: sshPublicKey }
          : { publicKeyName: sshPublicKey };
  return { allow: sshAccess !== false, ...key };
}

function permissions(flags: NodegroupFlags) {
  const withAddonPolicies = defined({
    autoScaler: flags.asgAccess,
    externalDNS: flags.externalDnsAccess,
    imageBuilder: flags.fullEcrAccess,
    appMesh: flags.appmeshAccess,
    appMeshPreview: flags.appmeshPreviewAccess,
    awsLoadBalancerController: flags.albIngressAccess,
  });
  return unlessEmpty(withAddonPolicies) && { withAddonPolicies };
}

function nodeRepair(flags: NodegroupFlags): Section {
  return defined({
    enabled: flags.enableNodeRepair,
    maxUnhealthyNodeThresholdPercentage: flags.nodeRepairMaxUnhealthyPercentage,
    maxUnhealthyNodeThresholdCount: flags.nodeRepairMaxUnhealthyCount,
    maxParallelNodesRepairedPercentage: flags.nodeRepairMaxParallelPercentage,
    maxParallelNodesRepairedCount: flags.nodeRepairMaxParallelCount,
  });
}
