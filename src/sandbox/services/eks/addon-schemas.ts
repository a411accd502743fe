import { z } from "zod";

/** A number or text, as Kubernetes takes quantities and ports. */
const quantity = z.union([z.string(), z.number()]);
const texts = z.record(z.string(), z.string());
const anything = z.record(z.string(), z.unknown());
const switchText = z.enum(["true", "false"]);

const placement = {
  affinity: anything.optional(),
  nodeSelector: texts.optional(),
  tolerations: z.array(anything).optional(),
};
const pods = {
  podAnnotations: texts.optional(),
  podLabels: texts.optional(),
  resources: z
    .strictObject({
      limits: z.record(z.string(), quantity).optional(),
      requests: z.record(z.string(), quantity).optional(),
    })
    .optional(),
};
const disruption = { podDisruptionBudget: anything.optional() };
const spread = { topologySpreadConstraints: z.array(anything).optional() };
const workload = z.looseObject({ ...placement, ...pods, replicaCount: z.int().min(0).optional() });

const vpcCni = z.strictObject({
  ...placement,
  ...pods,
  enableNetworkPolicy: switchText.optional(),
  enableWindowsIpam: switchText.optional(),
  enableWindowsPrefixDelegation: switchText.optional(),
  env: z.record(z.string().regex(/^[A-Z0-9_]+$/), z.string()).optional(),
  eniConfig: anything.optional(),
  init: anything.optional(),
  nodeAgent: anything.optional(),
  livenessProbeTimeoutSeconds: z.int().optional(),
  readinessProbeTimeoutSeconds: z.int().optional(),
});

const kubeProxy = z.strictObject({
  ...pods,
  ipvs: z.strictObject({ scheduler: z.enum(["rr", "lc", "dh", "sh", "sed", "nq"]).optional() }).optional(),
  mode: z.enum(["iptables", "ipvs", "nftables"]).optional(),
});

const coreDns = z.strictObject({
  ...placement,
  ...pods,
  ...disruption,
  ...spread,
  autoScaling: z
    .strictObject({
      enabled: z.boolean().optional(),
      minReplicas: z.int().min(2).optional(),
      maxReplicas: z.int().min(2).optional(),
    })
    .optional(),
  computeType: z.string().optional(),
  corefile: z.string().optional(),
  replicaCount: z.int().min(1).optional(),
});

const metricsServer = z.strictObject({
  ...placement,
  ...pods,
  ...disruption,
  ...spread,
  addonResizer: anything.optional(),
  containerPort: z.int().optional(),
  replicas: z.int().min(1).optional(),
  updateStrategy: anything.optional(),
});

const podIdentityAgent = z.strictObject({
  ...placement,
  ...pods,
  agent: z.strictObject({ additionalArgs: texts.optional() }).optional(),
  priorityClassName: z.string().optional(),
});

const ebsCsiDriver = z.strictObject({
  additionalDaemonSets: anything.optional(),
  controller: workload.optional(),
  defaultStorageClass: z.strictObject({ enabled: z.boolean() }).optional(),
  fips: z.boolean().optional(),
  node: workload.optional(),
  sidecars: anything.optional(),
});

const efsCsiDriver = z.strictObject({
  controller: workload.optional(),
  node: workload.optional(),
  replicaCount: z.int().min(1).optional(),
  sidecars: anything.optional(),
});

const snapshotController = z.strictObject({
  ...placement,
  ...pods,
  ...disruption,
  ...spread,
  replicaCount: z.int().min(1).optional(),
});

/** Taken by its outer shape: what lies below is for the add-on's own chart. */
const chart = z.looseObject({ ...placement, ...pods });

/** What each add-on takes as its configuration, by the add-on's name. */
export const addonSchemas = {
  "vpc-cni": vpcCni,
  "kube-proxy": kubeProxy,
  coredns: coreDns,
  "metrics-server": metricsServer,
  "eks-pod-identity-agent": podIdentityAgent,
  "aws-ebs-csi-driver": ebsCsiDriver,
  "aws-efs-csi-driver": efsCsiDriver,
  "snapshot-controller": snapshotController,
  adot: chart,
  "amazon-cloudwatch-observability": chart,
  "aws-fsx-csi-driver": chart,
  "aws-guardduty-agent": chart,
  "aws-mountpoint-s3-csi-driver": chart,
  "aws-network-flow-monitoring-agent": chart,
  "aws-privateca-connector-for-kubernetes": chart,
  "aws-secrets-store-csi-driver-provider": chart,
  "cert-manager": chart,
  "eks-node-monitoring-agent": chart,
  "external-dns": chart,
  "fluent-bit": chart,
  "kube-state-metrics": chart,
  "prometheus-node-exporter": chart,
} as const;
