import { aliases, type Branch } from "../../command.ts";

export const associateVerb: Branch = {
  summary: "associate an identity provider with a cluster",
  nouns: {
    identityprovider: {
      summary: "let the users of an OIDC provider enter a cluster",
      aliases: aliases.identityprovider,
      load: () => import("./identityprovider.ts"),
    },
  },
};
