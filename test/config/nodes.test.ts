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
