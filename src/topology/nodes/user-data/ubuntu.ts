import { bootPlaceholders } from "../../../resources/ec2/launch-template-boot-document.ts";
import { type Boot, kubeletFlags, labelsFlag, taintsFlag } from "./boot.ts";
import { mime, script } from "./mime.ts";

/** Ubuntu for EKS: its images have a script that joins a cluster. */
export function ubuntuUserData(boot: Boot): string {
  return mime(
    [variables(boot), ...(boot.preBootstrapCommands ?? []), boot.overrideBootstrapCommand ?? bootstrap(boot)].map(
      script,
    ),
  );
}

/** Where commands that were written for eksctl look for what they need. */
const helper = "/var/lib/cloud/scripts/eksctl/bootstrap.helper.sh";

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

function bootstrap(boot: Boot): string {
  const { cluster, maxPodsPerNode, kubelet } = boot;
  const flags = [...kubeletFlags(boot), ...(maxPodsPerNode ? [`--max-pods=${maxPodsPerNode}`] : [])];
  const options = [
    `--apiserver-endpoint ${quoted(bootPlaceholders.endpoint)}`,
    `--b64-cluster-ca ${quoted(bootPlaceholders.certificateAuthority)}`,
    `--dns-cluster-ip ${quoted(kubelet?.clusterDNS ?? bootPlaceholders.dns)}`,
    ...(maxPodsPerNode ? ["--use-max-pods false"] : []),
    ...(flags.length === 0 ? [] : [`--kubelet-extra-args ${quoted(flags.join(" "))}`]),
  ];
  return ["set -o errexit -o nounset", `/etc/eks/bootstrap.sh ${quoted(cluster)} ${options.join(" ")}`].join("\n");
}

/** As one word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
