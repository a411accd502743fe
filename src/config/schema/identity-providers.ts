import * as z from "zod";
import { tags, text } from "./values.ts";

/** EKS's own names must not be taken by somebody of an identity provider. */
const prefix = () => text().regex(/^(?!.*system:)/, "must not contain system:, which Kubernetes keeps for itself");

export const identityProvider = z.strictObject({
  type: z.literal("oidc").describe("Always oidc: EKS takes no other."),
  name: z
    .string()
    .regex(
      /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
      "must begin with a letter or digit, and hold at most 100 letters, digits, hyphens and underscores",
    )
    .describe("Name of the provider in EKS."),
  issuerURL: z
    .string()
    .regex(/^https:\/\/[^\s?#]+$/, "must be a URL that begins with https:// and has no query, as https://example.com")
    .describe("URL of the provider, as in the iss claim of its tokens. AWS has to reach it."),
  clientID: text().describe("Audience of the tokens: the client at the provider."),
  usernameClaim: text().describe("Claim with the name of the user. Default: EKS takes sub.").exactOptional(),
  usernamePrefix: prefix()
    .describe("What goes before the name of a user; - for nothing. Default: EKS takes the issuer's URL and #.")
    .exactOptional(),
  groupsClaim: text().describe("Claim with the user's groups. Default: no groups.").exactOptional(),
  groupsPrefix: prefix().describe("What goes before the name of a group.").exactOptional(),
  requiredClaims: z
    .record(
      text().max(63, "is longer than the 63 characters that EKS allows"),
      text().max(253, "is longer than the 253 characters that EKS allows"),
    )
    .describe("Claims that a token must have, with these values.")
    .exactOptional(),
  tags: tags().describe("Tags of the provider, beside metadata.tags.").exactOptional(),
});
