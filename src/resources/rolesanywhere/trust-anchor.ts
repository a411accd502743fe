import { ourStacks, serviceLinkedRole } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import { cloudFormationActions } from "../cloudformation/cloudformation-actions.ts";
import { type ResourceAttrs, resourceStack } from "../cloudformation/resource-stack.ts";
import { anywhereActions } from "./anywhere-actions.ts";

export interface TrustAnchorSpec {
  readonly description: string;
  /** PEM: the authority whose certificates are trusted. */
  readonly certificates: string;
  readonly tags: Tags;
}
export type TrustAnchorAttrs = ResourceAttrs;

const ofStack = cloudFormationActions(ourStacks("trust-anchor/*"), "there is a trust anchor");
const ofAnchor = anywhereActions("TrustAnchor", "trust-anchor");

/** AWS::RolesAnywhere::TrustAnchor. */
export const trustAnchor = resourceStack<TrustAnchorSpec, object>({
  name: "rolesanywhere.trust-anchor",
  title: "trust anchor",
  deletedBefore: [],
  id: "trust-anchor",
  type: "AWS::RolesAnywhere::TrustAnchor",
  arn: "TrustAnchorArn",
  properties: {
    Enabled: () => true,
    Source: ({ certificates }) => ({
      SourceType: "CERTIFICATE_BUNDLE",
      SourceData: { X509CertificateData: certificates },
    }),
  },
  actions: {
    list: ofStack.looking,
    read: ofStack.looking,
    create: [
      ...ofStack.creating,
      ...ofAnchor.creating,
      ...serviceLinkedRole("rolesanywhere.amazonaws.com", "AWSServiceRoleForRolesAnywhere"),
    ],
    stack: [...ofStack.changing, ...ofAnchor.changing],
    delete: [...ofStack.deleting, ...ofAnchor.deleting],
  },
});
