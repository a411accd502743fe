import { DescribeAddonCommand, DescribePodIdentityAssociationCommand } from "@aws-sdk/client-eks";
import type { Addon } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { issueText } from "../../aws/eks-updates.ts";
import { absentAsNull } from "../../aws/errors.ts";
import type { Live } from "../../engine/kind.ts";
import { taggedLive } from "../tags-aspect.ts";
import type { AddonAttrs } from "./addon.ts";
import { phaseOf } from "./status-document.ts";

/** An add-on of the owner's cluster by its name, whoever made it. */
export async function describeAddon(name: string, ctx: AwsContext): Promise<Live<AddonAttrs> | null> {
  const { eks } = ctx.clients;
  const request = { clusterName: ctx.owner.cluster, addonName: name };
  const answer = await absentAsNull(() => eks.send(new DescribeAddonCommand(request)));
  if (!answer?.addon) return null;
  const attrs = await attributes(answer.addon, ctx);
  const detail = attrs.issues.length > 0 ? attrs.issues.join("; ") : undefined;
  return taggedLive(ctx, name, phaseOf(answer.addon.status), attrs, {
    detail,
    uid: answer.addon.createdAt?.toISOString(),
  });
}

/** Configuration values as data, so that neither spaces nor the order of keys make a difference. */
export function configurationOf(text: string | null): unknown {
  if (text === null || text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    // EKS also takes YAML, which others may have sent: such a text is compared as it is.
    return text;
  }
}

/** UPDATE_FAILED and DELETE_FAILED: what was there before is still there. */
async function attributes(described: Addon, ctx: AwsContext): Promise<AddonAttrs> {
  const associations = (described.podIdentityAssociations ?? []).map((arn) => podIdentityAssociation(arn, ctx));
  return {
    name: described.addonName ?? "",
    arn: described.addonArn ?? "",
    version: described.addonVersion ?? "",
    configurationValues: described.configurationValues ?? null,
    serviceAccountRoleArn: described.serviceAccountRoleArn ?? null,
    podIdentityAssociations: (await Promise.all(associations))
      .filter((association) => association !== null)
      .toSorted((a, b) => a.serviceAccount.localeCompare(b.serviceAccount)),
    namespace: described.namespaceConfig?.namespace ?? null,
    issues: (described.health?.issues ?? []).map(issueText),
    tags: described.tags ?? {},
  };
}

/** DescribeAddon gives ARNs that end in the association's id. */
async function podIdentityAssociation(arn: string, ctx: AwsContext) {
  const associationId = arn.slice(arn.lastIndexOf("/") + 1);
  const request = { clusterName: ctx.owner.cluster, associationId };
  const answer = await absentAsNull(() => ctx.clients.eks.send(new DescribePodIdentityAssociationCommand(request)));
  const { serviceAccount = "", roleArn = "" } = answer?.association ?? {};
  return answer && { serviceAccount, roleArn };
}
