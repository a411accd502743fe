import { expect, it } from "vitest";
import { loadClusterConfig } from "../../src/config/load.ts";
import { cases } from "./cases.ts";
import { nodegroupFile } from "./support.ts";

const target = "capacityReservationTarget: { capacityReservationID: cr-0123456789abcdef0 }";

cases("additional disks", [
  ["a name of its own", nodegroupFile("additionalVolumes: [{ volumeName: /dev/sdf }, { volumeName: sdg }]")],
  [
    "no name",
    nodegroupFile("additionalVolumes: [{ volumeSize: 10 }]"),
    "8:25 managedNodeGroups[0].additionalVolumes[0].volumeName: is missing",
  ],
  [
    "the name of the nodes' own disk",
    nodegroupFile("additionalVolumes: [{ volumeName: /dev/xvda }]"),
    "8:39 managedNodeGroups[0].additionalVolumes[0].volumeName: /dev/xvda is the nodes' own disk: give each disk a name of its own",
  ],
  [
    "the name of Bottlerocket's own disk",
    nodegroupFile("amiFamily: Bottlerocket", "additionalVolumes: [{ volumeName: xvda }, { volumeName: xvdb }]"),
    "9:39 managedNodeGroups[0].additionalVolumes[0].volumeName: xvda is the operating system's disk: give each disk a name of its own",
    "9:61 managedNodeGroups[0].additionalVolumes[1].volumeName: xvdb is the nodes' own disk: give each disk a name of its own",
  ],
  [
    "the same name twice",
    nodegroupFile("additionalVolumes: [{ volumeName: sdf }, { volumeName: /dev/sdf }]"),
    "8:60 managedNodeGroups[0].additionalVolumes[1].volumeName: /dev/sdf is another additional disk: give each disk a name of its own",
  ],
  [
    "what its type does not do",
    nodegroupFile("additionalVolumes: [{ volumeName: sdf, volumeType: gp2, volumeIOPS: 3000 }]"),
    "8:61 managedNodeGroups[0].additionalVolumes[0].volumeIOPS: is for the types gp3, io1 and io2, not for gp2",
  ],
]);

it("repairs are read in eksctl's older words, too", () => {
  const override = (repairAction: string) =>
    `{ nodeMonitoringCondition: AcceleratedHardwareReady, nodeUnhealthyReason: NvidiaXID13Error, minRepairWaitTimeMins: 10, repairAction: ${repairAction} }`;
  const overrides = ["Terminate", "Restart", "NoAction"].map(override).join(", ");
  const text = nodegroupFile(`nodeRepairConfig: { nodeRepairConfigOverrides: [${overrides}] }`);
  const { config } = loadClusterConfig({ text, name: "test.yaml" });
  const [{ nodeRepairConfig } = {}] = config.managedNodeGroups ?? [];
  expect(nodeRepairConfig?.nodeRepairConfigOverrides?.map(({ repairAction }) => repairAction)).toEqual([
    "Replace",
    "Reboot",
    "NoAction",
  ]);
});

cases("reserved capacity", [
  ["a preference", nodegroupFile("capacityReservation: { capacityReservationPreference: none }")],
  [
    "a preference beside a target",
    nodegroupFile(`capacityReservation: { capacityReservationPreference: open, ${target} }`),
    "8:28 managedNodeGroups[0].capacityReservation.capacityReservationPreference: cannot stand beside capacityReservationTarget: use one of the two",
  ],
  [
    "a target that names nothing",
    nodegroupFile("capacityReservation: { capacityReservationTarget: {} }"),
    "8:28 managedNodeGroups[0].capacityReservation.capacityReservationTarget: needs exactly one of capacityReservationID and capacityReservationResourceGroupARN",
  ],
  [
    "a capacity block",
    nodegroupFile("instanceMarketOptions: { marketType: capacity-block }", `capacityReservation: { ${target} }`),
  ],
  [
    "a capacity block without a reservation",
    nodegroupFile("instanceMarketOptions: { marketType: capacity-block }"),
    "8:42 managedNodeGroups[0].instanceMarketOptions.marketType: a capacity block is bought before: name it in capacityReservation.capacityReservationTarget",
  ],
  [
    "a capacity block of Spot instances of two types",
    nodegroupFile(
      "instanceMarketOptions: { marketType: capacity-block }",
      `capacityReservation: { ${target} }`,
      "spot: true",
      "instanceTypes: [p5.48xlarge, p4d.24xlarge]",
    ),
    "10:5 managedNodeGroups[0].spot: instances of a capacity block are no Spot instances",
    "11:20 managedNodeGroups[0].instanceTypes: a capacity block is of one instance type: name that one",
  ],
]);

cases("what nodes are told when they boot", [
  ["a script and a limit", nodegroupFile("preBootstrapCommands: [date]", "maxPodsPerNode: 110")],
  [
    "a script for Bottlerocket",
    nodegroupFile("amiFamily: Bottlerocket", "preBootstrapCommands: [date]"),
    "9:5 managedNodeGroups[0].preBootstrapCommands: is not for Bottlerocket, which runs no scripts (use bottlerocket.settings)",
  ],
  [
    "Bottlerocket's settings for another system",
    nodegroupFile("bottlerocket: { settings: { motd: a } }"),
    "8:5 managedNodeGroups[0].bottlerocket: is for the families Bottlerocket and BottlerocketFips, not for AmazonLinux2023 (AmazonLinux2023 is the default of amiFamily)",
  ],
  [
    "settings that others make",
    nodegroupFile(
      "amiFamily: Bottlerocket",
      "bottlerocket: { settings: { kubernetes: { max-pods: 5, api-server: a, allowed-unsafe-sysctls: [b] } } }",
    ),
    "9:47 managedNodeGroups[0].bottlerocket.settings.kubernetes.max-pods: is set for the nodes already (use maxPodsPerNode of the nodegroup)",
    "9:60 managedNodeGroups[0].bottlerocket.settings.kubernetes.api-server: is set for the nodes already (leave it out)",
  ],
  [
    "a script in the place of a NodeConfig",
    nodegroupFile('overrideBootstrapCommand: "/etc/eks/bootstrap.sh c"'),
    "8:31 managedNodeGroups[0].overrideBootstrapCommand: for AmazonLinux2023 this must be a NodeConfig of nodeadm: it is no mapping (begin with apiVersion: node.eks.aws/v1alpha1 and kind: NodeConfig; scripts belong in preBootstrapCommands)",
  ],
  [
    "an image of nobody knows what",
    nodegroupFile("ami: ami-0123456789abcdef0"),
    "8:5 managedNodeGroups[0].ami: needs amiFamily beside it: nothing else says how such a node is booted",
  ],
  [
    "an image that is looked up",
    nodegroupFile("ami: auto-ssm"),
    "8:10 managedNodeGroups[0].ami: auto-ssm is for self-managed nodegroups: EKS takes the newest image by itself (leave ami out)",
  ],
  [
    "a release of an image of one's own",
    nodegroupFile("amiFamily: Ubuntu2404", "releaseVersion: 1.34.1-20260101"),
    "9:5 managedNodeGroups[0].releaseVersion: is for the images of EKS, not for Ubuntu",
  ],
  [
    "a version that Canonical makes no image for",
    nodegroupFile("amiFamily: Ubuntu2004"),
    "8:16 managedNodeGroups[0].amiFamily: Ubuntu2004 has images for Kubernetes 1.21 to 1.29, not for 1.34",
  ],
  [
    "Windows with a limit",
    nodegroupFile("amiFamily: WindowsServer2022CoreContainer", "maxPodsPerNode: 10"),
    "9:5 managedNodeGroups[0].maxPodsPerNode: is not for Windows in a managed nodegroup: EKS lets the node join",
  ],
]);

cases("launch templates of one's own", [
  ["a template", nodegroupFile('launchTemplate: { id: lt-01234567, version: "1" }', "instanceTypes: [m5.large]")],
  [
    "what belongs into it",
    nodegroupFile(
      "launchTemplate: { id: lt-01234567 }",
      "instanceType: m5.large",
      "disableIMDSv1: false",
      "ssh: { allow: true }",
      "volumeSize: 5",
    ),
    "9:5 managedNodeGroups[0].instanceType: belongs into the launch template that launchTemplate names",
    "10:5 managedNodeGroups[0].disableIMDSv1: belongs into the launch template that launchTemplate names",
    "11:5 managedNodeGroups[0].ssh: belongs into the launch template that launchTemplate names",
    "12:5 managedNodeGroups[0].volumeSize: belongs into the launch template that launchTemplate names",
  ],
  [
    "a version that moves",
    nodegroupFile("launchTemplate: { id: lt-01234567, version: $Latest }"),
    '8:49 managedNodeGroups[0].launchTemplate.version: must be the number of a version, as "3", since $Latest and $Default change by themselves',
  ],
]);

cases("instance types by what they are", [
  ["GPUs alone", nodegroupFile("instanceSelector: { gpus: 1 }")],
  [
    "nothing that tells them apart",
    nodegroupFile("instanceSelector: { cpuArchitecture: arm64 }"),
    "8:5 managedNodeGroups[0].instanceSelector: needs one of vCPUs, memory, gpus and neuron_devices",
  ],
  [
    "a name as well, and a broken pattern",
    nodegroupFile("instanceSelector: { vCPUs: 2, allow: '(' }", "instanceType: m5.large"),
    "8:42 managedNodeGroups[0].instanceSelector.allow: is no regular expression",
    "9:5 managedNodeGroups[0].instanceType: cannot stand beside instanceSelector: use one of the two",
  ],
]);
