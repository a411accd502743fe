import { createHash } from "node:crypto";
import type { Owner } from "./context.ts";

/** IAM's limit for role and instance profile names. */
const maxRoleName = 64;
/** EC2's limit for launch template names. */
const maxLaunchTemplateName = 128;
const hashLength = 8;

const ourPath = "/ekstool/";

/** The path of our IAM resources, by which they are listed. */
export function rolePath({ region, cluster }: Owner): string {
  return `${ourPath}${region}/${cluster}/`;
}

/** The path of the parameters that are a cluster's lock (SSM Parameter Store). */
export function lockPath({ region, cluster }: Owner): string {
  return `${ourPath}${region}/${cluster}/lock`;
}

/** The ARN of a role or user as aws-auth has it: it knows no paths. */
export function arnWithoutPath(arn: string): string {
  return arn.replace(/:(role|user)\/.*\//, ":$1/");
}

/** The name of a role or instance profile, which ends its ARN. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** Whether a role is one that was made for a cluster, by its ARN. */
export function hasOurPath(roleArn: string): boolean {
  return roleArn.includes(`:role${ourPath}`);
}

/** Ends the description of every role of ours: some have to have the path `/`. */
export function roleMark(owner: Owner): string {
  return `(ekstool ${ownerHash(owner)})`;
}

/** Whether a role may be one of a cluster's, as far as a list of roles shows: its tags say it for certain. */
export function mayBeRoleOf(
  owner: Owner,
  { Path, Description }: { readonly Path?: string | undefined; readonly Description?: string | undefined },
): boolean {
  return Path === rolePath(owner) || (Description?.endsWith(roleMark(owner)) ?? false);
}

/** What ends every name of ours that is unique in a whole account: tells clusters of one name in two regions apart. */
export function ownerHash({ region, cluster }: Owner): string {
  return shortHash(`${region}/${cluster}`);
}

/**
 * The name of an account-wide thing: `<cluster>-<what>-<hash>`, at most 64 characters. What has to be cut counts into the
 * hash that replaces it; the end is always the owner's hash.
 */
export function globalName(owner: Owner, what: string): string {
  const suffix = `-${ownerHash(owner)}`;
  return cut(`${owner.cluster}-${what}`, maxRoleName - suffix.length) + suffix;
}

/** Whether an account-wide name may be one of a cluster's: its tags say it for certain. */
export function hasOurEnd(owner: Owner, name: string): boolean {
  return name.endsWith(`-${ownerHash(owner)}`);
}

/** How such names begin, as far as none of them is cut: to narrow lists. */
export function globalNameStart({ cluster }: Owner): string {
  return cluster.slice(0, maxRoleName / 2);
}

/** The pattern of all names that are made like this one for an owner; a name that somebody chose is itself. */
export function globalNamePattern(owner: Owner, name: string): string {
  const end = `-${ownerHash(owner)}`;
  return name.endsWith(end) ? `*${end}` : name;
}

/** The name of a nodegroup's launch template, at most 128 characters. EC2 is regional: the cluster's name tells enough. */
export function launchTemplateName({ cluster }: Owner, nodegroup: string): string {
  return cut(`ekstool-${cluster}-${nodegroup}`, maxLaunchTemplateName);
}

/** The name of an imported key pair, at most 255 characters, as EC2 allows. */
export function keyPairName({ cluster }: Owner, nodegroup: string, fingerprint: string): string {
  return `ekstool-${cluster}-${nodegroup}-${fingerprint}`;
}

/** The name of a nodegroup's placement group, at most 255 characters, as EC2 allows. */
export function placementGroupName({ cluster }: Owner, nodegroup: string): string {
  return `ekstool-${cluster}-${nodegroup}`;
}

/** CloudFormation's limit for names of stacks. */
const maxStackName = 128;

/** The name of the stack of what. Names of clusters may hold underscores, which those of stacks may not. */
export function stackName({ cluster }: Owner, what: string): string {
  return cut(`ekstool-${cluster}-${what}`, maxStackName).replaceAll("_", "-");
}

/** Within `length` characters; a hash of the whole stands for what is cut. */
function cut(name: string, length: number): string {
  return name.length <= length ? name : `${name.slice(0, length - hashLength - 1)}-${shortHash(name)}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hashLength);
}
