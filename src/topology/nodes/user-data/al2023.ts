import { bootPlaceholders } from "../../../resources/ec2/launch-template-boot-document.ts";
import { type Boot, kubeletFlags } from "./boot.ts";
import { mime, type MimePart, script } from "./mime.ts";

/**
 * Amazon Linux 2023: scripts, and documents for nodeadm, which joins them to one, the later ones first (and EKS's own, where it
 * manages the image).
 */
export function al2023UserData(boot: Boot): string | undefined {
  const spec = { ...clusterOf(boot), ...kubeletOf(boot) };
  const parts: readonly MimePart[] = [
    ...(boot.preBootstrapCommands ?? []).map(script),
    ...(Object.keys(spec).length === 0 ? [] : [nodeConfig(spec)]),
    ...(boot.overrideBootstrapCommand === undefined ? [] : [part(boot.overrideBootstrapCommand)]),
  ];
  return parts.length === 0 ? undefined : mime(parts);
}

function clusterOf({ joins, cluster, isLocalCluster }: Boot): object {
  if (!joins) return {};
  return {
    cluster: {
      name: cluster,
      apiServerEndpoint: bootPlaceholders.endpoint,
      certificateAuthority: bootPlaceholders.certificateAuthority,
      cidr: bootPlaceholders.serviceCidr,
      ...(isLocalCluster ? { id: bootPlaceholders.apiId, enableOutpost: true } : {}),
    },
  };
}

function kubeletOf(boot: Boot): object {
  const { maxPodsPerNode, kubelet } = boot;
  const flags = kubeletFlags(boot);
  const config = {
    ...kubelet?.config,
    ...(kubelet?.clusterDNS === undefined ? {} : { clusterDNS: [kubelet.clusterDNS] }),
    ...(maxPodsPerNode ? { maxPods: maxPodsPerNode } : {}),
  };
  const wanted = {
    ...(Object.keys(config).length === 0 ? {} : { config }),
    ...(flags.length === 0 ? {} : { flags }),
  };
  return Object.keys(wanted).length === 0 ? {} : { kubelet: wanted };
}

/** In JSON, which is YAML. */
function nodeConfig(spec: object): MimePart {
  return part(JSON.stringify({ apiVersion: "node.eks.aws/v1alpha1", kind: "NodeConfig", spec }, undefined, 2));
}

function part(text: string): MimePart {
  return { type: "application/node.eks.aws", text };
}
