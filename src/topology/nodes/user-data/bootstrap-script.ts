import { bootPlaceholders } from "../../../resources/ec2/launch-template-boot-document.ts";
import { type Boot, kubeletFlags, labelsFlag, taintsFlag } from "./boot.ts";
import { mime, script } from "./mime.ts";

/** Where commands that were written for eksctl look for what they need. */
const helper = "/var/lib/cloud/scripts/eksctl/bootstrap.helper.sh";
/** What the images of both families read the kubelet's configuration from. */
const kubeletConfig = "/etc/kubernetes/kubelet/kubelet-config.json";
const joining = "/etc/eks/bootstrap.sh";

const restart = { AmazonLinux2: "systemctl restart kubelet", Ubuntu: "snap restart kubelet-eks" } as const;

/**
 * Amazon Linux 2 and Ubuntu: images with a script that joins a cluster. Undefined where there is nothing to say: EKS runs
 * the script itself where it manages the image.
 */
export function bootstrapScriptUserData(family: keyof typeof restart, boot: Boot): string | undefined {
  const { joins, preBootstrapCommands = [], overrideBootstrapCommand, maxPodsPerNode } = boot;
  const commands = joins
    ? [variables(boot), ...preBootstrapCommands, overrideBootstrapCommand ?? bootstrap(boot, restart[family])]
    : [
        ...preBootstrapCommands,
        ...(maxPodsPerNode ? [limitPods(maxPodsPerNode)] : []),
        ...(overrideBootstrapCommand === undefined ? [] : [overrideBootstrapCommand]),
      ];
  return commands.length === 0 ? undefined : mime(commands.map(script));
}

function variables({ cluster, maxPodsPerNode, kubelet = {} }: Boot): string {
  const values = {
    CLUSTER_NAME: cluster,
    API_SERVER_URL: bootPlaceholders.endpoint,
    B64_CLUSTER_CA: bootPlaceholders.certificateAuthority,
    CLUSTER_DNS: kubelet.clusterDNS ?? bootPlaceholders.dns,
    NODE_LABELS: labelsFlag(kubelet),
    NODE_TAINTS: taintsFlag(kubelet),
    ...(maxPodsPerNode ? { MAX_PODS: String(maxPodsPerNode) } : {}),
  };
  const lines = Object.entries(values).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [
    `mkdir -p ${helper.slice(0, helper.lastIndexOf("/"))}`,
    `cat > ${helper} <<'EKSTOOL'`,
    ...lines,
    "EKSTOOL",
  ].join("\n");
}

function bootstrap(boot: Boot, restartKubelet: string): string {
  const { cluster, maxPodsPerNode, kubelet } = boot;
  const flags = [...kubeletFlags(boot), ...(maxPodsPerNode ? [`--max-pods=${maxPodsPerNode}`] : [])];
  const options = [
    `--apiserver-endpoint ${quoted(bootPlaceholders.endpoint)}`,
    `--b64-cluster-ca ${quoted(bootPlaceholders.certificateAuthority)}`,
    `--dns-cluster-ip ${quoted(kubelet?.clusterDNS ?? bootPlaceholders.dns)}`,
    ...(maxPodsPerNode ? ["--use-max-pods false"] : []),
    ...(flags.length === 0 ? [] : [`--kubelet-extra-args ${quoted(flags.join(" "))}`]),
  ];
  const more = kubelet?.config === undefined ? [] : [merged(`. * ${JSON.stringify(kubelet.config)}`), restartKubelet];
  return ["set -o errexit -o nounset", `${joining} ${quoted(cluster)} ${options.join(" ")}`, ...more].join("\n");
}

/** Before EKS runs the script: the number that it works out by itself is switched off (EKS user guide, "maximum Pods"). */
function limitPods(maxPods: number): string {
  return [
    String.raw`sed -i 's/^USE_MAX_PODS=.*/USE_MAX_PODS="false"/' ${joining}`,
    merged(`.maxPods = ${maxPods}`),
  ].join("\n");
}

/** The kubelet's configuration, changed by a filter of jq. */
function merged(filter: string): string {
  return `echo "$(jq ${quoted(filter)} ${kubeletConfig})" > ${kubeletConfig}`;
}

/** As one word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
