import type { z } from "zod";
import { addonSchemas } from "./addon-schemas.ts";

/** One version of an add-on. */
export interface AddonRelease {
  readonly version: string;
  /** The oldest and the newest Kubernetes minor that it runs on. */
  readonly from: string;
  readonly to: string;
  /** Those minors for which it is the default. */
  readonly defaultFor?: readonly string[];
  /** Takes no pod identity, unlike the add-on's other versions. */
  readonly withoutPodIdentity?: true;
}

/** An add-on that EKS offers. */
export interface AddonKind {
  readonly name: keyof typeof addonSchemas;
  readonly type: string;
  readonly namespace: string;
  /** Of the community, so only in the commercial partition. */
  readonly community?: true;
  /** What makes it in Kubernetes; a Deployment has no replica without a ready node. */
  readonly object: `${"DaemonSet" | "Deployment"}.apps ${string}`;
  readonly requiresIamPermissions?: true;
  /** The service accounts that can have a role by pod identity, with AWS's managed policies for them. */
  readonly podIdentity: readonly { readonly serviceAccount: string; readonly policies: readonly string[] }[];
  readonly schema: z.ZodType;
  /** Newest first. */
  readonly releases: readonly AddonRelease[];
}

const allMinors = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];
const oldest = "1.31";
const newest = "1.36";

/** All that EKS offers anywhere. */
export const addonCatalogue: readonly AddonKind[] = [
  {
    name: "vpc-cni",
    type: "networking",
    namespace: "kube-system",
    object: "DaemonSet.apps aws-node",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "aws-node", policies: ["AmazonEKS_CNI_Policy"] }],
    schema: addonSchemas["vpc-cni"],
    releases: [
      { version: "v1.21.1-eksbuild.3", from: oldest, to: newest },
      { version: "v1.20.5-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
      { version: "v1.20.4-eksbuild.2", from: oldest, to: "1.35" },
      { version: "v1.19.6-eksbuild.7", from: oldest, to: "1.34" },
    ],
  },
  {
    name: "kube-proxy",
    type: "networking",
    namespace: "kube-system",
    object: "DaemonSet.apps kube-proxy",
    podIdentity: [],
    schema: addonSchemas["kube-proxy"],
    releases: [
      { version: "v1.36.1-eksbuild.1", from: "1.36", to: "1.36" },
      { version: "v1.36.0-eksbuild.2", from: "1.36", to: "1.36", defaultFor: ["1.36"] },
      { version: "v1.35.3-eksbuild.2", from: "1.35", to: "1.36" },
      { version: "v1.35.0-eksbuild.2", from: "1.35", to: "1.36", defaultFor: ["1.35"] },
      { version: "v1.34.6-eksbuild.2", from: "1.34", to: "1.36" },
      { version: "v1.34.1-eksbuild.2", from: "1.34", to: "1.36", defaultFor: ["1.34"] },
      { version: "v1.33.10-eksbuild.2", from: "1.33", to: "1.36" },
      { version: "v1.33.5-eksbuild.2", from: "1.33", to: "1.36", defaultFor: ["1.33"] },
      { version: "v1.32.13-eksbuild.2", from: "1.32", to: "1.35" },
      { version: "v1.32.9-eksbuild.2", from: "1.32", to: "1.35", defaultFor: ["1.32"] },
      { version: "v1.31.14-eksbuild.2", from: "1.31", to: "1.34" },
      { version: "v1.31.13-eksbuild.2", from: "1.31", to: "1.34", defaultFor: ["1.31"] },
    ],
  },
  {
    name: "coredns",
    type: "networking",
    namespace: "kube-system",
    object: "Deployment.apps coredns",
    podIdentity: [],
    schema: addonSchemas.coredns,
    releases: [
      { version: "v1.13.2-eksbuild.4", from: "1.34", to: newest, defaultFor: ["1.36"] },
      { version: "v1.13.1-eksbuild.1", from: "1.34", to: newest, defaultFor: ["1.35"] },
      { version: "v1.12.4-eksbuild.1", from: "1.32", to: "1.35", defaultFor: ["1.34"] },
      { version: "v1.12.3-eksbuild.1", from: "1.32", to: "1.35", defaultFor: ["1.33"] },
      { version: "v1.11.4-eksbuild.24", from: oldest, to: "1.33", defaultFor: ["1.31", "1.32"] },
      { version: "v1.11.4-eksbuild.22", from: oldest, to: "1.33" },
    ],
  },
  {
    name: "metrics-server",
    type: "observability",
    namespace: "kube-system",
    community: true,
    object: "Deployment.apps metrics-server",
    podIdentity: [],
    schema: addonSchemas["metrics-server"],
    releases: [
      { version: "v0.8.0-eksbuild.6", from: oldest, to: newest },
      { version: "v0.8.0-eksbuild.5", from: oldest, to: newest, defaultFor: allMinors },
      { version: "v0.7.2-eksbuild.4", from: oldest, to: "1.34" },
    ],
  },
  {
    name: "eks-pod-identity-agent",
    type: "security",
    namespace: "kube-system",
    object: "DaemonSet.apps eks-pod-identity-agent",
    podIdentity: [],
    schema: addonSchemas["eks-pod-identity-agent"],
    releases: [
      { version: "v1.3.10-eksbuild.2", from: oldest, to: newest },
      { version: "v1.3.10-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
      { version: "v1.3.9-eksbuild.3", from: oldest, to: "1.35" },
    ],
  },
  {
    name: "aws-ebs-csi-driver",
    type: "storage",
    namespace: "kube-system",
    object: "Deployment.apps ebs-csi-controller",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "ebs-csi-controller-sa", policies: ["service-role/AmazonEBSCSIDriverPolicy"] }],
    schema: addonSchemas["aws-ebs-csi-driver"],
    releases: [
      { version: "v1.54.0-eksbuild.1", from: oldest, to: newest },
      { version: "v1.53.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
      { version: "v1.51.1-eksbuild.1", from: oldest, to: "1.35", withoutPodIdentity: true },
    ],
  },
  {
    name: "aws-efs-csi-driver",
    type: "storage",
    namespace: "kube-system",
    object: "Deployment.apps efs-csi-controller",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "efs-csi-controller-sa", policies: ["service-role/AmazonEFSCSIDriverPolicy"] }],
    schema: addonSchemas["aws-efs-csi-driver"],
    releases: [
      { version: "v2.1.15-eksbuild.1", from: oldest, to: newest },
      { version: "v2.1.13-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "snapshot-controller",
    type: "storage",
    namespace: "kube-system",
    object: "Deployment.apps snapshot-controller",
    podIdentity: [],
    schema: addonSchemas["snapshot-controller"],
    releases: [
      { version: "v8.3.0-eksbuild.2", from: oldest, to: newest },
      { version: "v8.3.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "aws-mountpoint-s3-csi-driver",
    type: "storage",
    namespace: "kube-system",
    object: "DaemonSet.apps s3-csi-node",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "s3-csi-driver-sa", policies: ["AmazonS3FullAccess"] }],
    schema: addonSchemas["aws-mountpoint-s3-csi-driver"],
    releases: [
      { version: "v2.2.1-eksbuild.1", from: oldest, to: newest },
      { version: "v2.2.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "aws-fsx-csi-driver",
    type: "storage",
    namespace: "kube-system",
    object: "Deployment.apps fsx-csi-controller",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "fsx-csi-controller-sa", policies: ["AmazonFSxFullAccess"] }],
    schema: addonSchemas["aws-fsx-csi-driver"],
    releases: [
      { version: "v1.8.0-eksbuild.1", from: oldest, to: newest },
      { version: "v1.7.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "aws-secrets-store-csi-driver-provider",
    type: "security",
    namespace: "aws-secrets-manager",
    object: "DaemonSet.apps secrets-store-csi-driver-provider-aws",
    podIdentity: [],
    schema: addonSchemas["aws-secrets-store-csi-driver-provider"],
    releases: [
      { version: "v2.1.1-eksbuild.1", from: oldest, to: newest },
      { version: "v2.1.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "adot",
    type: "observability",
    namespace: "opentelemetry-operator-system",
    object: "Deployment.apps opentelemetry-operator",
    requiresIamPermissions: true,
    podIdentity: [
      { serviceAccount: "adot-col-prom-metrics", policies: ["AmazonPrometheusRemoteWriteAccess"] },
      { serviceAccount: "adot-col-otlp-ingest", policies: ["AWSXrayWriteOnlyAccess"] },
      { serviceAccount: "adot-col-container-logs", policies: ["CloudWatchAgentServerPolicy"] },
    ],
    schema: addonSchemas.adot,
    releases: [
      { version: "v0.141.0-eksbuild.1", from: oldest, to: newest },
      { version: "v0.131.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "amazon-cloudwatch-observability",
    type: "observability",
    namespace: "amazon-cloudwatch",
    object: "Deployment.apps amazon-cloudwatch-observability-controller-manager",
    requiresIamPermissions: true,
    podIdentity: [
      { serviceAccount: "cloudwatch-agent", policies: ["CloudWatchAgentServerPolicy", "AWSXrayWriteOnlyAccess"] },
    ],
    schema: addonSchemas["amazon-cloudwatch-observability"],
    releases: [
      { version: "v4.8.0-eksbuild.1", from: oldest, to: newest },
      { version: "v4.7.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "eks-node-monitoring-agent",
    type: "observability",
    namespace: "kube-system",
    object: "DaemonSet.apps eks-node-monitoring-agent",
    podIdentity: [],
    schema: addonSchemas["eks-node-monitoring-agent"],
    releases: [
      { version: "v1.4.2-eksbuild.1", from: oldest, to: newest },
      { version: "v1.4.1-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "aws-network-flow-monitoring-agent",
    type: "observability",
    namespace: "amazon-network-flow-monitor",
    object: "DaemonSet.apps aws-network-flow-monitor-agent",
    requiresIamPermissions: true,
    podIdentity: [
      {
        serviceAccount: "aws-network-flow-monitor-agent-service-account",
        policies: ["CloudWatchNetworkFlowMonitorAgentPublishPolicy"],
      },
    ],
    schema: addonSchemas["aws-network-flow-monitoring-agent"],
    releases: [
      { version: "v1.1.1-eksbuild.1", from: oldest, to: newest },
      { version: "v1.1.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "aws-guardduty-agent",
    type: "security",
    namespace: "amazon-guardduty",
    object: "DaemonSet.apps aws-guardduty-agent",
    podIdentity: [],
    schema: addonSchemas["aws-guardduty-agent"],
    releases: [
      { version: "v1.12.1-eksbuild.2", from: oldest, to: newest },
      { version: "v1.11.0-eksbuild.4", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "aws-privateca-connector-for-kubernetes",
    type: "security",
    namespace: "aws-privateca-issuer",
    object: "Deployment.apps aws-privateca-connector-for-kubernetes",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "aws-privateca-issuer", policies: ["AWSPrivateCAConnectorForKubernetesPolicy"] }],
    schema: addonSchemas["aws-privateca-connector-for-kubernetes"],
    releases: [
      { version: "v1.7.0-eksbuild.1", from: oldest, to: newest },
      { version: "v1.6.0-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "cert-manager",
    type: "security",
    namespace: "cert-manager",
    community: true,
    object: "Deployment.apps cert-manager",
    podIdentity: [],
    schema: addonSchemas["cert-manager"],
    releases: [
      { version: "v1.19.2-eksbuild.1", from: oldest, to: newest },
      { version: "v1.18.2-eksbuild.2", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "external-dns",
    type: "networking",
    namespace: "external-dns",
    community: true,
    object: "Deployment.apps external-dns",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "external-dns", policies: ["AmazonRoute53FullAccess"] }],
    schema: addonSchemas["external-dns"],
    releases: [
      { version: "v0.20.0-eksbuild.1", from: oldest, to: newest },
      { version: "v0.19.0-eksbuild.2", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "fluent-bit",
    type: "observability",
    namespace: "fluent-bit",
    community: true,
    object: "DaemonSet.apps fluent-bit",
    requiresIamPermissions: true,
    podIdentity: [{ serviceAccount: "fluent-bit", policies: ["CloudWatchLogsFullAccess"] }],
    schema: addonSchemas["fluent-bit"],
    releases: [
      { version: "v4.2.2-eksbuild.1", from: oldest, to: newest },
      { version: "v4.1.1-eksbuild.1", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "kube-state-metrics",
    type: "observability",
    namespace: "kube-state-metrics",
    community: true,
    object: "Deployment.apps kube-state-metrics",
    podIdentity: [],
    schema: addonSchemas["kube-state-metrics"],
    releases: [
      { version: "v2.17.0-eksbuild.4", from: oldest, to: newest },
      { version: "v2.16.0-eksbuild.2", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
  {
    name: "prometheus-node-exporter",
    type: "observability",
    namespace: "prometheus-node-exporter",
    community: true,
    object: "DaemonSet.apps prometheus-node-exporter",
    podIdentity: [],
    schema: addonSchemas["prometheus-node-exporter"],
    releases: [
      { version: "v1.10.2-eksbuild.2", from: oldest, to: newest },
      { version: "v1.9.1-eksbuild.4", from: oldest, to: newest, defaultFor: allMinors },
    ],
  },
];
