import { createHash } from "node:crypto";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import type { AwsContext } from "../../aws/context.ts";
import type { Tags } from "../../aws/tags.ts";
import { FailedError } from "../../errors.ts";
import type { JoinedCluster } from "./launch-template.ts";

/** What stands in user data for what AWS makes up, each in its place. */
export const bootPlaceholders = {
  endpoint: "{{cluster.endpoint}}",
  certificateAuthority: "{{cluster.certificateAuthority}}",
  serviceCidr: "{{cluster.serviceCidr}}",
  /** By which the API of a local cluster knows itself. */
  apiId: "{{cluster.apiId}}",
  /** The address of the cluster's DNS, as text. */
  dns: "{{cluster.dns}}",
} as const;

/** User data with the cluster's own values in their places. */
export function filledUserData(text: string, clusters: readonly JoinedCluster[]): string {
  const [cluster] = clusters;
  if (cluster === undefined) return text;
  return text
    .replaceAll(bootPlaceholders.endpoint, cluster.endpoint)
    .replaceAll(bootPlaceholders.certificateAuthority, cluster.certificateAuthority)
    .replaceAll(bootPlaceholders.apiId, cluster.apiId)
    .replaceAll(bootPlaceholders.serviceCidr, cluster.serviceCidr)
    .replaceAll(bootPlaceholders.dns, dnsAddress(cluster.serviceCidr));
}

/** EKS gives the cluster's DNS the tenth address of its Services. */
function dnsAddress(serviceCidr: string): string {
  return serviceCidr.includes(":") ? serviceCidr.replace(/\/\d+$/, "a") : serviceCidr.replace(/\.\d+\/\d+$/, ".10");
}

/** Stands for user data in a comparison: the text itself is long, and may hold what a plan should not print. */
export function userDataDigest(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

/** What is remembered with a version of a template, in its description. */
export interface VersionMemory {
  /** Digest of the user data for which nodes are replaced. */
  readonly lasting: string;
  /** The version that nodes may be of: what changed since then is for coming nodes. Absent: this version. */
  readonly since?: number;
}

export function versionDescription({ lasting, since }: VersionMemory): string {
  return `user data ${lasting}${since === undefined ? "" : `, nodes as of version ${since}`}`;
}

/** Undefined where somebody else described the version, or nobody. */
export function versionMemory(description = ""): VersionMemory | undefined {
  const [, lasting, since] = /^user data (sha256:[0-9a-f]+)(?:, nodes as of version (\d+))?$/.exec(description) ?? [];
  return lasting === undefined ? undefined : { lasting, ...(since === undefined ? {} : { since: Number(since) }) };
}

/** On the template of nodes whose image the file leaves open: which public parameter names the images, for any version of Kubernetes. */
const imageParameterTag = "ekstool.dev/image-parameter";
const anyVersion = "@version";

/** What remembers how an image is looked for. */
export function imageTags(parameterFor: (version: string) => string): Tags {
  return { [imageParameterTag]: parameterFor(anyVersion) };
}

/** The parameter that names the image for a version of Kubernetes; undefined where the file names an image. */
export function rememberedImageParameter(tags: Tags, version: string): string | undefined {
  return imageSort(tags)?.replace(anyVersion, version);
}

/** The same for any version: which sort of image it is, of which family and for which processor; undefined where the file names an image. */
export function imageSort(tags: Tags): string | undefined {
  return tags[imageParameterTag];
}

/** Whether nodes are to have images of another sort than those that they were made with. */
export function isOtherSort(before: Tags, now: Tags): boolean {
  const [had, wants] = [imageSort(before), imageSort(now)];
  return had !== undefined && wants !== undefined && had !== wants;
}

/**
 * The image that a public parameter names now.
 *
 * @throws FailedError when there is no such parameter.
 */
export async function imageOf(
  Name: string,
  { clients, owner }: Pick<AwsContext, "clients" | "owner">,
): Promise<string> {
  const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name }));
  if (Parameter?.Value !== undefined) return Parameter.Value;
  throw new FailedError(`the parameter ${Name} in ${owner.region} names no image`);
}
