import { isLocalCluster } from "./outposts.ts";
import type { ClusterConfig } from "./types.ts";

/** Services that a file may add, by the end of their VPC endpoint services' names. */
export const optionalEndpointServices = [
  "autoscaling",
  "cloudformation",
  "ec2messages",
  "elasticloadbalancing",
  "kms",
  "logs",
  "ssm",
  "ssmmessages",
  "xray",
] as const;

/** The one that is reached by routes, and not by interfaces. */
export const gatewayService = "s3";

/** What nodes and the pods of EKS's add-ons call, wherever they are (EKS user guide, "Deploy private clusters with limited internet access"). */
const required = ["ec2", "ecr.api", "ecr.dkr", "eks", "sts", gatewayService] as const;

/** What instances of a control plane on an Outpost call beside that (EKS user guide, "VPC and subnet requirements" of Outposts). */
const ofLocalClusters = ["ec2messages", "secretsmanager", "ssm", "ssmmessages"] as const;

type Asking = Pick<ClusterConfig, "addons" | "cloudWatch" | "karpenter" | "outpost" | "privateCluster">;

/** What Karpenter's controller calls beside that: for the ids of images, and for its messages. IAM and prices have no endpoints. */
function ofKarpenter({ karpenter }: Asking): readonly string[] {
  if (karpenter === undefined) return [];
  return karpenter.withSpotInterruptionQueue === true ? ["ssm", "sqs"] : ["ssm"];
}

/** Whether the cluster has no way to the internet. */
export function isPrivate({ privateCluster }: Pick<ClusterConfig, "privateCluster">): boolean {
  return privateCluster?.enabled === true;
}

/** Whether the Kubernetes API is reached from the VPC alone, whatever else the file says. */
export function hasPrivateEndpointOnly(config: Pick<ClusterConfig, "outpost" | "privateCluster">): boolean {
  return isPrivate(config) || isLocalCluster(config);
}

/** The services that get VPC endpoints, by the end of their names; none where the file wants none. */
export function endpointServices(config: Asking): readonly string[] {
  const { privateCluster, addons = [], cloudWatch } = config;
  if (!isPrivate(config) || privateCluster?.skipEndpointCreation === true) return [];
  return [
    ...new Set([
      ...required,
      ...(isLocalCluster(config) ? ofLocalClusters : []),
      ...ofKarpenter(config),
      ...(addons.some(({ name }) => name === "eks-pod-identity-agent") ? ["eks-auth"] : []),
      ...(cloudWatch?.clusterLogging?.enableTypes?.length ? ["logs"] : []),
      ...(privateCluster?.additionalEndpointServices ?? []),
    ]),
  ];
}
