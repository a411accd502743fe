import {
  type AddonInfo,
  DescribeAddonConfigurationCommand,
  type DescribeAddonConfigurationResponse,
  paginateDescribeAddonVersions,
} from "@aws-sdk/client-eks";
import { collect } from "../aws/answers.ts";
import { absentAsNull } from "../aws/errors.ts";
import { FailedError } from "../errors.ts";
import { findCluster } from "./inventory.ts";
import type { Session } from "./session.ts";

export interface AddonQuery {
  readonly name?: string;
  readonly kubernetesVersion?: string;
  /** In place of a version: that of the cluster. */
  readonly cluster?: string;
  readonly types?: readonly string[];
  readonly owners?: readonly string[];
  readonly publishers?: readonly string[];
}

/** The add-ons that EKS offers, with their versions and what these go with (EKS DescribeAddonVersions). */
export async function describeAddonVersions(session: Session, query: AddonQuery): Promise<readonly AddonInfo[]> {
  const { name: addonName, cluster, types, owners, publishers } = query;
  const kubernetesVersion =
    cluster === undefined ? query.kubernetesVersion : (await findCluster(session, cluster)).attrs.version;
  const request = {
    addonName,
    kubernetesVersion,
    types: types && [...types],
    owners: owners && [...owners],
    publishers: publishers && [...publishers],
  };
  return collect(paginateDescribeAddonVersions({ client: session.clients.eks }, request), ({ addons }) => addons);
}

/**
 * What the settings of a version of an add-on may be, as a JSON Schema (EKS DescribeAddonConfiguration).
 *
 * @throws FailedError when there is no such version.
 */
export async function describeAddonConfiguration(
  session: Session,
  addonName: string,
  addonVersion: string,
): Promise<unknown> {
  const command = new DescribeAddonConfigurationCommand({ addonName, addonVersion });
  const found: DescribeAddonConfigurationResponse | null = await absentAsNull(() => session.clients.eks.send(command));
  if (found === null) {
    throw new FailedError(`EKS offers no add-on ${addonName} of version ${addonVersion}`, {
      hint: `\`ekstool utils describe-addon-versions --name ${addonName} --region ${session.region}\` lists those it has`,
    });
  }
  return JSON.parse(found.configurationSchema ?? "{}");
}
