import type { Branch } from "../../command.ts";

export const utilsVerb: Branch = {
  summary: "small tasks around a cluster",
  nouns: {
    "write-kubeconfig": {
      summary: "write access to a cluster into the kubeconfig",
      load: () => import("./write-kubeconfig.ts"),
    },
    unlock: {
      summary: "take away the lock that a run on a cluster has left",
      load: () => import("./unlock.ts"),
    },
    "associate-iam-oidc-provider": {
      summary: "let the service accounts of a cluster have roles (IRSA)",
      load: () => import("./associate-iam-oidc-provider.ts"),
    },
    "update-cluster-vpc-config": {
      summary: "change who reaches a cluster's endpoint, and where its control plane is",
      load: () => import("./update-cluster-vpc-config.ts"),
    },
    "update-cluster-endpoints": {
      summary: "the older name of update-cluster-vpc-config",
      load: () => import("./update-cluster-vpc-config.ts"),
    },
    "set-public-access-cidrs": {
      summary: "the older name of update-cluster-vpc-config --public-access-cidrs",
      load: () => import("./update-cluster-vpc-config.ts"),
    },
    "update-cluster-logging": {
      summary: "turn logs of the control plane on or off",
      load: () => import("./update-cluster-logging.ts"),
    },
    "enable-secrets-encryption": {
      summary: "encrypt the secrets of a cluster with a KMS key",
      load: () => import("./enable-secrets-encryption.ts"),
    },
    "update-authentication-mode": {
      summary: "let access entries say who enters a cluster, beside the ConfigMap aws-auth or instead of it",
      load: () => import("./update-authentication-mode.ts"),
    },
    "update-zonal-shift-config": {
      summary: "turn ARC zonal shift on or off",
      load: () => import("./update-zonal-shift-config.ts"),
    },
    "update-control-plane-component-config": {
      summary: "change settings of the API server, the scheduler and the controller manager",
      load: () => import("./update-control-plane-component-config.ts"),
    },
    "update-legacy-subnet-settings": {
      summary: "let nodes in public subnets of a cluster have public addresses",
      load: () => import("./update-legacy-subnet-settings.ts"),
    },
    "nodegroup-health": {
      summary: "print what EKS reports as wrong with a nodegroup",
      load: () => import("./nodegroup-health.ts"),
    },
    "describe-addon-versions": {
      summary: "list the add-ons that EKS offers, with their versions",
      load: () => import("./describe-addon-versions.ts"),
    },
    "describe-addon-configuration": {
      summary: "print the JSON Schema of the settings of an add-on",
      load: () => import("./describe-addon-configuration.ts"),
    },
    schema: { summary: "print the JSON Schema of the file", load: () => import("./schema.ts") },
    "iam-policy": {
      summary: "print the IAM policy that a file takes, for create, apply, delete, upgrade or read",
      load: () => import("./iam-policy.ts"),
    },
    "show-userdata": {
      summary: "print the user data of a nodegroup's nodes, as a file means it",
      load: () => import("./show-userdata.ts"),
    },
    "describe-cluster-versions": {
      summary: "list the Kubernetes versions that EKS offers",
      load: () => import("./describe-cluster-versions.ts"),
    },
  },
};
