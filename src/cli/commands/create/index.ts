import { aliases, type Branch } from "../../command.ts";

export const createVerb: Branch = {
  summary: "create a cluster, or parts of one",
  nouns: {
    cluster: {
      summary: "create a cluster from a file or from flags, or continue an unfinished one",
      load: () => import("./cluster.ts"),
    },
    nodegroup: {
      summary: "add managed nodegroups to a cluster",
      aliases: aliases.nodegroup,
      load: () => import("./nodegroup.ts"),
    },
    fargateprofile: {
      summary: "add Fargate profiles to a cluster",
      aliases: aliases.fargateprofile,
      load: () => import("./fargateprofile.ts"),
    },
    addon: {
      summary: "add EKS add-ons to a cluster",
      aliases: aliases.addon,
      load: () => import("./addon.ts"),
    },
    capability: {
      summary: "add capabilities (ACK, kro, Argo CD) to a cluster",
      aliases: aliases.capability,
      load: () => import("./capability.ts"),
    },
    accessentry: {
      summary: "let IAM principals enter a cluster",
      aliases: aliases.accessentry,
      load: () => import("./accessentry.ts"),
    },
    podidentityassociation: {
      summary: "give service accounts roles by EKS Pod Identity",
      aliases: aliases.podidentityassociation,
      load: () => import("./podidentityassociation.ts"),
    },
    iamserviceaccount: {
      summary: "make service accounts with roles by the OIDC provider",
      aliases: aliases.iamserviceaccount,
      load: () => import("./iamserviceaccount.ts"),
    },
    iamidentitymapping: {
      summary: "map IAM principals in the ConfigMap aws-auth",
      aliases: aliases.iamidentitymapping,
      load: () => import("./iamidentitymapping.ts"),
    },
  },
};
