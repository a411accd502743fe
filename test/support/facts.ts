import type { Facts } from "../../src/facts/types.ts";

const zoneNames = ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"];

/** What AWS would say of us-west-2, cut down to what the topology's tests need. */
export const facts: Facts = {
  caller: { account: "111122223333", arn: "arn:aws:iam::111122223333:user/jo", partition: "aws" },
  region: "us-west-2",
  clusterVersions: [
    { version: "1.35", default: false, status: "STANDARD_SUPPORT" },
    { version: "1.34", default: true, status: "STANDARD_SUPPORT" },
    { version: "1.33", default: false, status: "EXTENDED_SUPPORT", endOfExtendedSupport: "2027-07-29" },
  ],
  zones: zoneNames.map((name, index) => ({ name, id: `usw2-az${index + 1}` })),
  localZones: [],
  outposts: {},
  endpointServices: {},
  instanceTypes: Object.fromEntries(
    (
      [
        ["m5.large", "x86_64", "none"],
        ["m6i.large", "x86_64", "none"],
        ["m7g.large", "arm64", "none"],
        ["g5.xlarge", "x86_64", "nvidia"],
        ["inf2.xlarge", "x86_64", "neuron"],
      ] as const
    ).map(([name, architecture, accelerator]) => [
      name,
      { name, architecture, accelerator, efaInterfaces: 0, zones: zoneNames },
    ]),
  ),
  images: {},
  selectedTypes: {},
  launchTemplates: {},
  instanceProfileRoles: {},
  addons: Object.fromEntries(
    ["vpc-cni", "kube-proxy", "coredns", "metrics-server", "aws-ebs-csi-driver", "eks-pod-identity-agent"].map(
      (name) => [
        name,
        {
          versions: [
            { version: "v1.3.0-eksbuild.1", default: false },
            { version: "v1.2.0-eksbuild.1", default: true },
          ],
          podIdentity:
            name === "aws-ebs-csi-driver"
              ? [
                  {
                    serviceAccount: "ebs-csi-controller-sa",
                    policyArns: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
                  },
                ]
              : [],
        },
      ],
    ),
  ),
};
