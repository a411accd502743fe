import type { CreateFargateProfileRequest, FargateProfileSelector } from "@aws-sdk/client-eks";
import { routeOf } from "../ec2/internal.ts";
import { type About, invalidParameter } from "./errors.ts";
import { existingSubnets } from "./network-rules.ts";
import type { Place } from "./place.ts";
import { knownRole, trusts } from "./roles.ts";
import type { ClusterRecord } from "./state.ts";

/** Throws InvalidParameterException for a name that EKS keeps for itself, or would not take. */
function checkProfileName(name: string, about: About): void {
  if (name.startsWith("eks-")) {
    throw invalidParameter("Fargate profile name cannot start with the reserved prefix eks-", about);
  }
  if (/^[0-9A-Za-z][0-9A-Za-z_-]{0,62}$/.test(name)) return;
  throw invalidParameter(
    "fargateProfileName must begin with a letter or digit and can have up to 63 letters, digits, hyphens and underscores.",
    about,
  );
}

/**
 * Throws InvalidParameterException unless Fargate's pods can have the role. Where aws-auth says who comes in, it cannot have a
 * path.
 */
function checkPodExecutionRole(place: Place, cluster: ClusterRecord, arn: string, about: About): void {
  const role = knownRole(place, arn);
  if (!role || !trusts(place, role, "eks-fargate-pods")) {
    throw invalidParameter(
      "Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal",
      about,
    );
  }
  if (cluster.authenticationMode === "CONFIG_MAP" && arn.split("/").length > 2) {
    throw invalidParameter(`The pod execution role ${arn} cannot have a path in authentication mode CONFIG_MAP`, about);
  }
}

/** The subnets that are asked for, or the cluster's private ones. Throws InvalidParameterException for public and foreign ones. */
function profileSubnets(
  place: Place,
  { vpc }: ClusterRecord,
  wanted: readonly string[] | undefined,
  about: About,
): string[] {
  const isPrivate = (id: string) => routeOf(place.world, place.region, id) !== "internet-gateway";
  const ids = wanted?.length ? wanted : vpc.subnetIds.filter(isPrivate);
  if (ids.length === 0) throw invalidParameter("No private subnets were found for the Fargate profile", about);
  for (const { SubnetId, VpcId } of existingSubnets(place, ids, about)) {
    if (VpcId !== vpc.vpcId) throw invalidParameter(`Subnet ${SubnetId} is not in the VPC of the cluster`, about);
    if (isPrivate(SubnetId)) continue;
    throw invalidParameter(`Subnet ${SubnetId} provided in Fargate Profile is not a private subnet`, about);
  }
  return [...ids];
}

/** EKS's fixed limits: selectors of a profile, and labels of a selector. */
const most = 5;

/** Throws InvalidParameterException unless each selector has a namespace, and there are not too many of them. */
function checkSelectors(selectors: readonly FargateProfileSelector[], about: About): void {
  if (selectors.length === 0) throw invalidParameter("A Fargate profile must have at least one selector", about);
  if (selectors.length > most) throw invalidParameter(`A Fargate profile can have at most ${most} selectors`, about);
  for (const { namespace, labels = {} } of selectors) {
    if (!namespace) throw invalidParameter("Each selector of a Fargate profile must have a namespace", about);
    if (Object.keys(labels).length > most) {
      throw invalidParameter(`A selector of a Fargate profile can have at most ${most} labels`, about);
    }
  }
}

/** What a request says of its profile, checked. */
export function checkProfile(
  input: CreateFargateProfileRequest,
  cluster: ClusterRecord,
  place: Place,
  about: About,
): { subnets: string[]; selectors: FargateProfileSelector[]; podExecutionRoleArn: string } {
  const { podExecutionRoleArn = "", selectors = [] } = input;
  checkProfileName(input.fargateProfileName ?? "", about);
  checkPodExecutionRole(place, cluster, podExecutionRoleArn, about);
  checkSelectors(selectors, about);
  const subnets = profileSubnets(place, cluster, input.subnets, about);
  return { subnets, selectors: [...selectors], podExecutionRoleArn };
}
