import { aliases, type Branch } from "../../command.ts";

export const getVerb: Branch = {
  summary: "list clusters and what they have, whoever made it",
  nouns: {
    cluster: {
      summary: "list clusters, or describe one",
      aliases: aliases.cluster,
      load: () => import("./cluster.ts"),
    },
    nodegroup: {
      summary: "list the nodegroups of a cluster",
      aliases: aliases.nodegroup,
      load: () => import("./nodegroup.ts"),
    },
    addon: {
      summary: "list the add-ons of a cluster",
      aliases: aliases.addon,
      load: () => import("./addon.ts"),
    },
    capability: {
      summary: "list the capabilities of a cluster",
      aliases: aliases.capability,
      load: () => import("./capability.ts"),
    },
    fargateprofile: {
      summary: "list the Fargate profiles of a cluster",
      aliases: aliases.fargateprofile,
      load: () => import("./fargateprofile.ts"),
    },
    accessentry: {
      summary: "list who may enter a cluster by an access entry",
      aliases: aliases.accessentry,
      load: () => import("./accessentry.ts"),
    },
    podidentityassociation: {
      summary: "list the pod identity associations of a cluster",
      aliases: aliases.podidentityassociation,
      load: () => import("./podidentityassociation.ts"),
    },
    iamserviceaccount: {
      summary: "list the service accounts that ekstool gave roles",
      aliases: aliases.iamserviceaccount,
      load: () => import("./iamserviceaccount.ts"),
    },
    labels: {
      summary: "list the labels of the nodes of nodegroups",
      load: () => import("./labels.ts"),
    },
    iamidentitymapping: {
      summary: "list what the ConfigMap aws-auth maps",
      aliases: aliases.iamidentitymapping,
      load: () => import("./iamidentitymapping.ts"),
    },
    identityprovider: {
      summary: "list the identity provider of a cluster",
      aliases: aliases.identityprovider,
      load: () => import("./identityprovider.ts"),
    },
  },
};
