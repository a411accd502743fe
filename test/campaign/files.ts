import type { ClusterConfig } from "../../src/config/types.ts";
import { edited, laidOver } from "../operations/golden-file.ts";
import { edits as goldenEdits } from "../operations/golden-table.ts";
import { example, examples, parse } from "../support/account.ts";

type Part = Readonly<Record<string, unknown>>;

/** The usual cluster. */
const plain = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2, tags: { team: platform } }
managedNodeGroups:
  - name: workers
    instanceType: m5.large
    releaseVersion: 1.34.6-20261015
    labels: { tier: web, old: label }
    desiredCapacity: 2
    minSize: 1
    maxSize: 4
    volumeSize: 80
`;

/** One that needs more kinds of things: roles of add-ons, an OIDC provider, logs, SSH, a NAT gateway for each zone. */
const rich = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
iam: { withOIDC: true }
vpc: { nat: { gateway: HighlyAvailable }, clusterEndpoints: { privateAccess: true } }
cloudWatch: { clusterLogging: { enableTypes: [api, audit], logRetentionInDays: 30 } }
accessConfig:
  accessEntries:
    - principalARN: arn:aws:iam::111122223333:role/somebody
      kubernetesGroups: [readers]
      accessPolicies:
        - policyARN: arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy
          accessScope: { type: namespace, namespaces: [default] }
addons:
  - name: vpc-cni
    attachPolicyARNs: [arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy]
  - name: eks-pod-identity-agent
  - name: aws-ebs-csi-driver
    attachPolicy:
      Version: "2012-10-17"
      Statement: [{ Effect: Allow, Action: ["ec2:CreateVolume"], Resource: "*" }]
  - name: aws-efs-csi-driver
    podIdentityAssociations:
      - namespace: kube-system
        serviceAccountName: efs-csi-controller-sa
        permissionPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy]
managedNodeGroups:
  - name: workers
    releaseVersion: 1.34.6-20261015
    privateNetworking: true
    desiredCapacity: 2
    ssh: { allow: true, publicKeyName: somebody }
    labels: { role: workers }
    taints: [{ key: dedicated, value: workers, effect: NoSchedule }]
    iam: { withAddonPolicies: { autoScaler: true, externalDNS: true } }
`;

/** A control plane that is a version behind, and has no add-ons. */
const controlPlane = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2, version: "1.33" }
addonsConfig: { disableDefaultAddons: true }
`;

/** Nodes that nobody manages, in a stack. */
const selfManaged = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
availabilityZones: [us-west-2a, us-west-2b]
vpc: { nat: { gateway: Disable } }
addons: [{ name: vpc-cni }, { name: kube-proxy }]
addonsConfig: { disableDefaultAddons: true }
nodeGroups:
  - name: workers
    instanceType: m5.large
    labels: { tier: web }
    desiredCapacity: 2
    minSize: 1
    maxSize: 4
    volumeSize: 80
    tags: { schedule: day }
    iam: { withAddonPolicies: { autoScaler: true } }
`;

/** Without the internet: nodes reach AWS by VPC endpoints, and nobody from outside the API. */
const privateCluster = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
availabilityZones: [us-west-2a, us-west-2b]
addons: [{ name: vpc-cni }, { name: kube-proxy }]
addonsConfig: { disableDefaultAddons: true }
privateCluster: { enabled: true }
managedNodeGroups:
  - name: workers
    instanceType: m5.large
    releaseVersion: 1.34.6-20261015
    privateNetworking: true
    labels: { tier: web }
    desiredCapacity: 1
`;

/** The files that every journey starts from, by name. */
export const files = {
  plain,
  rich,
  /** That of the golden table. */
  golden: edited({ file: {} }),
  "control-plane": controlPlane,
  "self-managed": selfManaged,
  private: privateCluster,
} as const;
export type FileName = keyof typeof files;

/** The files whose whole clusters are drawn from, for what is theirs alone is in their edits. */
export const drawnFrom: ReadonlySet<string> = new Set<FileName>(["self-managed", "private"]);

/** Every example, as `example/quickstart`. */
export const exampleFiles: readonly (readonly [name: string, text: string])[] = examples.map((name) => [
  `example/${name.replace(".yaml", "")}`,
  example(name),
]);

/** A file with an edit laid over it: mappings key by key (undefined takes a key out), lists as a whole. */
export function editedFile(text: string, file: Part, nodegroup: Part = {}): string {
  const config = parse(text);
  const list = listOf(config);
  const [first, ...more] = config[list] ?? [];
  const groups = first ? { [list]: [laidOver(first, nodegroup), ...more] } : {};
  return JSON.stringify(laidOver(laidOver(config, groups), file));
}

/** Each file has nodegroups of one kind. */
function listOf({ nodeGroups = [] }: ClusterConfig): "nodeGroups" | "managedNodeGroups" {
  return nodeGroups.length > 0 ? "nodeGroups" : "managedNodeGroups";
}

export function nodegroupsOf(text: string): readonly { readonly name: string }[] {
  const config = parse(text);
  return config[listOf(config)] ?? [];
}

export function isSelfManaged(text: string): boolean {
  return listOf(parse(text)) === "nodeGroups";
}

/** The file with a nodegroup more, of the kind that it has. */
export function withMoreNodes(text: string): string {
  const list = listOf(parse(text));
  const more = {
    name: "more",
    instanceType: "m5.large",
    ...(list === "managedNodeGroups" && { releaseVersion: "1.34.6-20261015" }),
  };
  return editedFile(text, { [list]: [...nodegroupsOf(text), more] });
}

/** Edits of a file, by file and what they change: one of each kind in the golden table, several at once in the others. */
export const edits: Readonly<Record<FileName, Readonly<Record<string, string>>>> = {
  plain: {
    "labels, size and volume": editedFile(
      plain,
      {},
      { labels: { tier: "api", old: undefined, new: "label" }, desiredCapacity: 3, volumeSize: 100 },
    ),
    "no nodegroup": editedFile(plain, { managedNodeGroups: [] }),
    "a nodegroup more": withMoreNodes(plain),
    "another name of the nodegroup": editedFile(plain, {}, { name: "renamed" }),
    "a nodegroup in another's place": editedFile(plain, {}, { spot: true }),
    "tags of everything": editedFile(plain, { metadata: { tags: { team: "other", stage: "test" } } }),
  },
  rich: {
    "policies, logs, tags": editedFile(
      rich,
      {
        metadata: { tags: { stage: "test" } },
        cloudWatch: { clusterLogging: { enableTypes: ["api"], logRetentionInDays: 90 } },
      },
      { iam: { withAddonPolicies: { autoScaler: true, externalDNS: false, cloudWatch: true } } },
    ),
    "an access entry and add-ons less": editedFile(rich, {
      accessConfig: { accessEntries: [] },
      addons: [{ name: "vpc-cni" }, { name: "eks-pod-identity-agent" }],
    }),
    // The key stays in the file: what a file no longer speaks of is left as it is, and a cluster made anew would have none.
    "no SSH, another disk": editedFile(rich, {}, { ssh: { allow: false, publicKeyName: "somebody" }, volumeSize: 100 }),
  },
  golden: Object.fromEntries(
    goldenEdits.filter(({ requests }) => requests.length > 0).map((edit) => [edit.what, edited(edit)]),
  ),
  "control-plane": {
    "version, logs and limits of access": editedFile(controlPlane, {
      metadata: { version: "1.34" },
      vpc: { publicAccessCIDRs: ["203.0.113.0/24"], clusterEndpoints: { privateAccess: true } },
      cloudWatch: { clusterLogging: { enableTypes: ["api"], logRetentionInDays: 7 } },
    }),
  },
  "self-managed": {
    "labels, size and volume": editedFile(
      selfManaged,
      {},
      { labels: { tier: "api", new: "label" }, desiredCapacity: 3, volumeSize: 100 },
    ),
    "size, tags, policies and processes": editedFile(
      selfManaged,
      {},
      {
        desiredCapacity: 3,
        tags: { schedule: "night", use: "web" },
        iam: { withAddonPolicies: { autoScaler: false, externalDNS: true } },
        asgSuspendProcesses: ["AZRebalance"],
      },
    ),
    "several types": editedFile(
      selfManaged,
      {},
      { instanceType: undefined, instancesDistribution: { instanceTypes: ["m5.large", "m5a.large"] } },
    ),
    "a given role": editedFile(
      selfManaged,
      {},
      { iam: { instanceRoleARN: "arn:aws:iam::111122223333:role/somebody", withAddonPolicies: undefined } },
    ),
    "no nodegroup": editedFile(selfManaged, { nodeGroups: [] }),
    "another name of the nodegroup": editedFile(selfManaged, {}, { name: "renamed" }),
  },
  private: {
    "endpoints more, and a nodegroup in another's place": editedFile(
      privateCluster,
      { privateCluster: { additionalEndpointServices: ["autoscaling", "logs"] } },
      { spot: true },
    ),
  },
};
