import { aliases, type Branch } from "../../command.ts";

export const disassociateVerb: Branch = {
  summary: "take the identity provider of a cluster away",
  nouns: {
    identityprovider: {
      summary: "take the identity provider of a cluster away",
      aliases: aliases.identityprovider,
      load: () => import("./identityprovider.ts"),
    },
  },
};
