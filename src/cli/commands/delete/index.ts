import { aliases, type Branch } from "../../command.ts";

export const deleteVerb: Branch = {
  summary: "delete a cluster with all that belongs to it, or parts of one",
  nouns: {
    cluster: {
      summary: "delete a cluster with all that belongs to it",
      load: () => import("./cluster.ts"),
    },
    nodegroup: {
      summary: "delete nodegroups of a cluster",
      aliases: aliases.nodegroup,
      load: () => import("./nodegroup.ts"),
    },
    fargateprofile: {
      summary: "delete Fargate profiles of a cluster",
      aliases: aliases.fargateprofile,
      load: () => import("./fargateprofile.ts"),
    },
    addon: {
      summary: "delete add-ons of a cluster",
      aliases: aliases.addon,
      load: () => import("./addon.ts"),
    },
    capability: {
      summary: "delete capabilities of a cluster; what they made stays",
      aliases: aliases.capability,
      load: () => import("./capability.ts"),
    },
    accessentry: {
      summary: "delete access entries of a cluster",
      aliases: aliases.accessentry,
      load: () => import("./accessentry.ts"),
    },
    podidentityassociation: {
      summary: "delete pod identity associations of a cluster",
      aliases: aliases.podidentityassociation,
      load: () => import("./podidentityassociation.ts"),
    },
    iamserviceaccount: {
      summary: "delete service accounts and their roles",
      aliases: aliases.iamserviceaccount,
      load: () => import("./iamserviceaccount.ts"),
    },
    iamidentitymapping: {
      summary: "delete a mapping from the ConfigMap aws-auth",
      aliases: aliases.iamidentitymapping,
      load: () => import("./iamidentitymapping.ts"),
    },
  },
};
