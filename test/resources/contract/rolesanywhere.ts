import { UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import type { AwsContext } from "../../../src/aws/context.ts";
import { tagList } from "../../../src/aws/tags.ts";
import type { Live } from "../../../src/engine/kind.ts";
import type { ResourceAttrs } from "../../../src/resources/cloudformation/resource-stack.ts";
import { profile } from "../../../src/resources/rolesanywhere/profile.ts";
import { trustAnchor } from "../../../src/resources/rolesanywhere/trust-anchor.ts";
import { certificate } from "../../support/certificates.ts";
import { withValue } from "../../support/with-value.ts";
import { makeRole } from "../eks-network.ts";
import { tagged } from "./cloudformation.ts";
import { row } from "./row.ts";

const tags = { Name: "demo", team: "blue" };
const otherTags = { by: "stack", spec: { tags: { Name: "renamed" } } } as const;

/** A property that no file says: somebody else sends the template with another value. */
const switchedOff = (key: string) =>
  ({
    by: "stack",
    async drift({ ref, attrs }: Live<ResourceAttrs>, { clients, clock }: AwsContext) {
      const TemplateBody = JSON.stringify(
        withValue(JSON.parse(attrs.template), `Resources.Resource.Properties.${key}`, false),
      );
      await clients.cloudformation.send(
        new UpdateStackCommand({ StackName: ref, TemplateBody, Tags: tagList(attrs.tags) }),
      );
      await clock.sleep(60_000);
    },
  }) as const;

const trustAnchorRow = row({
  kind: trustAnchor,
  id: "trust-anchor",
  name: "ekstool-demo-trust-anchor",
  spec: { description: "A trust anchor", certificates: certificate("authority.pem"), tags },
  ground: async () => ({}),
  again: "same",
  changes: {
    Enabled: [switchedOff("Enabled")],
    Source: [{ by: "stack", spec: { certificates: certificate("another-authority.pem") } }],
    tags: [otherTags],
  },
  others: { tags: tagged },
});

const profileRow = row({
  kind: profile,
  id: "anywhere-profile",
  name: "ekstool-demo-anywhere-profile",
  spec: { description: "A profile", tags },
  ground: async (ctx) => ({ role: (await makeRole(ctx, "hybrid-nodes", "rolesanywhere.amazonaws.com", [])).attrs }),
  again: "same",
  changes: {
    Enabled: [switchedOff("Enabled")],
    AcceptRoleSessionName: [switchedOff("AcceptRoleSessionName")],
    RoleArns: [
      async (ctx) => {
        const { attrs } = await makeRole(ctx, "others", "rolesanywhere.amazonaws.com", []);
        return { by: "stack", deps: { role: attrs } };
      },
    ],
    tags: [otherTags],
  },
  others: { tags: tagged },
});

export const rolesAnywhereRows = [trustAnchorRow, profileRow];
