import { type Cidr, contains, overlaps, parseCidr, privateBlocks } from "../cidr.ts";
import { type Draft, type Rule, present } from "./rule.ts";
import { vpcBlock } from "./vpc-block.ts";
import type { ClusterConfig } from "../types.ts";
import type { Path } from "../../yaml.ts";

const root = "remoteNetworkConfig";
type Config = Draft<ClusterConfig>;

/** What a cluster with hybrid nodes cannot be. */
const notBeside: Rule = ({ remoteNetworkConfig, kubernetesNetworkConfig, accessConfig }, report) => {
  if (remoteNetworkConfig === undefined) return;
  if (kubernetesNetworkConfig?.ipFamily === "IPv6") {
    report([root], "is not for an IPv6 cluster: hybrid nodes have IPv4", {
      at: "key",
      reads: [["kubernetesNetworkConfig", "ipFamily"]],
    });
  }
  if (accessConfig?.authenticationMode === "CONFIG_MAP") {
    report(
      [root],
      "needs accessConfig.authenticationMode API or API_AND_CONFIG_MAP: an access entry lets hybrid nodes in",
      {
        at: "key",
        reads: [["accessConfig", "authenticationMode"]],
      },
    );
  }
};

const nodeNetworks: Rule = ({ remoteNetworkConfig }, report) => {
  if (remoteNetworkConfig === undefined) return;
  const { remoteNodeNetworks: nodes, remotePodNetworks: pods } = remoteNetworkConfig;
  if ((nodes?.[0]?.cidrs?.length ?? 0) > 0) return;
  if (nodes?.length === 0 && pods?.length === 0) return;
  report([root], "needs the blocks of the hybrid nodes in remoteNodeNetworks[0].cidrs", {
    at: "key",
    hint: "to take the networks away, write remoteNodeNetworks: [] and remotePodNetworks: []",
    reads: [[root, "remoteNodeNetworks"]],
  });
};

interface Block {
  readonly text: string;
  readonly cidr: Cidr;
  readonly path: Path;
}

function blocksOf({ remoteNetworkConfig }: Config): readonly Block[] {
  return (["remoteNodeNetworks", "remotePodNetworks"] as const).flatMap((key) =>
    present(remoteNetworkConfig?.[key]).flatMap(([index, { cidrs }]) =>
      present(cidrs).flatMap(([number, text]) => {
        const cidr = parseCidr(text);
        return cidr ? [{ text, cidr, path: [root, key, index, "cidrs", number] }] : [];
      }),
    ),
  );
}

/** The blocks must be private, and apart from each other and from those of the VPC and the services (RemoteNodeNetwork of the EKS API). */
const blocks: Rule = (config, report) => {
  const all = blocksOf(config);
  const ofVpc = vpcBlock(config);
  const services = config.kubernetesNetworkConfig?.serviceIPv4CIDR;
  for (const [index, { text, cidr, path }] of all.entries()) {
    if (!privateBlocks.some((block) => contains(block, cidr))) {
      report(path, `${text} must lie within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`);
      continue;
    }
    const earlier = all.slice(0, index).find((one) => overlaps(one.cidr, cidr));
    if (earlier) {
      report(path, `${text} overlaps ${earlier.text}, which is listed before`);
      continue;
    }
    if (ofVpc !== undefined) reportOverlap(ofVpc.text, "the VPC's block", ["vpc", "cidr"], ofVpc.hint);
    if (services !== undefined) {
      reportOverlap(services, "the services' block", ["kubernetesNetworkConfig", "serviceIPv4CIDR"]);
    }

    function reportOverlap(other: string, what: string, read: Path, hint?: string): void {
      const block = parseCidr(other);
      if (!block || !overlaps(block, cidr)) return;
      report(path, `${text} overlaps ${what} ${other}`, { reads: [read], ...(hint !== undefined && { hint }) });
    }
  }
};

const credentials: Rule = ({ remoteNetworkConfig }, report) => {
  const { provider, caBundleCert } = remoteNetworkConfig?.iam ?? {};
  const at = [root, "iam"];
  if (provider === "ira" && caBundleCert === undefined) {
    report([...at, "provider"], "ira needs caBundleCert, the certificates that hybrid nodes are known by", {
      reads: [[...at, "caBundleCert"]],
    });
  }
  if (provider !== "ira" && caBundleCert !== undefined) {
    report([...at, "caBundleCert"], "is for provider ira only", { at: "key", reads: [[...at, "provider"]] });
  }
};

export const remoteNetworkRules: readonly Rule[] = [notBeside, nodeNetworks, blocks, credentials];
