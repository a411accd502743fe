import type {
  CreateFargateProfileRequest,
  CreateFargateProfileResponse,
  DeleteFargateProfileRequest,
  DeleteFargateProfileResponse,
  DescribeFargateProfileRequest,
  DescribeFargateProfileResponse,
  FargateProfile,
  FargateProfileIssue,
  ListFargateProfilesRequest,
  ListFargateProfilesResponse,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { ensureServiceLinkedRole } from "../iam/internal.ts";
import { recheckAddons } from "./addon-health.ts";
import { addProfileEntry } from "./access-records.ts";
import { askedBy, isRepeat } from "./asked.ts";
import { scheduleIn } from "./due.ts";
import { type About, resourceInUse } from "./errors.ts";
import { checkProfile } from "./fargate-rules.ts";
import { clusterOf, fargateProfileOf, hasRunningUpdate, requireActive } from "./lookup.ts";
import { paged } from "./pages.ts";
import { eksArn, type Place, uuid } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { issueOf, takeFailure } from "./scenario.ts";
import type { ClusterRecord, FargateProfileRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";

function createFargateProfile(input: CreateFargateProfileRequest, call: Call): CreateFargateProfileResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const name = input.fargateProfileName ?? "";
  const { fargateProfiles } = cluster;
  const asked = askedBy(input);
  const there = Object.hasOwn(fargateProfiles, name) ? fargateProfiles[name] : undefined;
  if (there && isRepeat(there.asked, asked)) return { fargateProfile: profileView(cluster, there) };
  if (there) {
    throw resourceInUse("A Fargate Profile already exists with this name in this cluster.", about(cluster));
  }
  requireAlone(cluster, `Cannot create Fargate Profile ${name}`);
  requireActive(cluster);
  const checked = checkProfile(input, cluster, call, { ...about(cluster), fargateProfileName: name });
  const tags = checkedTags(input.tags, about(cluster));
  checkQuota(call, "fargateProfiles", Object.keys(fargateProfiles).length + 1, about(cluster));

  ensureServiceLinkedRole(call.world, "eks-fargate.amazonaws.com");
  const profile: FargateProfileRecord = {
    name,
    arn: eksArn(call, `fargateprofile/${cluster.name}/${name}/${uuid(call)}`),
    createdAt: call.world.now(),
    tags,
    asked,
    status: "CREATING",
    ...checked,
    issues: [],
  };
  fargateProfiles[name] = profile;
  addProfileEntry(call, cluster, profile.podExecutionRoleArn);
  scheduleIn(call, call.world.duration("fargateProfileCreate", `${call.region}/${cluster.name}/${name}`), {
    what: "fargate profile made",
    cluster: cluster.name,
    fargateProfile: name,
  });
  return { fargateProfile: profileView(cluster, profile) };
}

function about({ name }: ClusterRecord): About {
  return { clusterName: name };
}

/** One profile at a time comes or goes, and none while the cluster is updated. */
function requireAlone(cluster: ClusterRecord, refusal: string): void {
  const { name, fargateProfiles } = cluster;
  const busy = Object.values(fargateProfiles).find(({ status }) => status === "CREATING" || status === "DELETING");
  if (busy) {
    throw resourceInUse(
      `${refusal} because cluster ${name} currently has Fargate profile ${busy.name} in status ${busy.status}`,
      about(cluster),
    );
  }
  if (hasRunningUpdate(cluster)) {
    throw resourceInUse(`${refusal} because cluster ${name} currently has an update in progress`, about(cluster));
  }
}

/** The time of its creation is over. A node's role cannot run pods, too. */
export function profileMade(place: Place, cluster: ClusterRecord, profile: FargateProfileRecord): void {
  const issue = issueWith(place, cluster, profile);
  profile.status = issue ? "CREATE_FAILED" : "ACTIVE";
  profile.issues = issue ? [issue] : [];
  recheckAddons(place, cluster);
}

function issueWith(
  { world }: Place,
  cluster: ClusterRecord,
  { name, podExecutionRoleArn }: FargateProfileRecord,
): FargateProfileIssue | undefined {
  const failure = takeFailure(world, "fargateProfile", name);
  if (failure) return { ...issueOf(failure), resourceIds: [] };
  if (Object.values(cluster.nodegroups).every(({ nodeRole }) => nodeRole !== podExecutionRoleArn)) return undefined;
  return {
    code: "PodExecutionRoleAlreadyInUse",
    message: "The pod execution role is already in use as the role of nodes",
    resourceIds: [podExecutionRoleArn],
  };
}

function describeFargateProfile(input: DescribeFargateProfileRequest, call: Call): DescribeFargateProfileResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  return { fargateProfile: profileView(cluster, fargateProfileOf(cluster, input.fargateProfileName ?? "")) };
}

function listFargateProfiles(input: ListFargateProfilesRequest, call: Call): ListFargateProfilesResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const { items, nextToken } = paged(Object.keys(cluster.fargateProfiles).toSorted(), input);
  return { fargateProfileNames: items, ...nextToken };
}

function deleteFargateProfile(input: DeleteFargateProfileRequest, call: Call): DeleteFargateProfileResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const profile = fargateProfileOf(cluster, input.fargateProfileName ?? "");
  const { name } = profile;
  requireAlone(cluster, `Cannot delete Fargate Profile ${name}`);
  profile.status = "DELETING";
  scheduleIn(call, call.world.duration("fargateProfileDelete", `${call.region}/${cluster.name}/${name}`), {
    what: "fargate profile gone",
    cluster: cluster.name,
    fargateProfile: name,
  });
  return { fargateProfile: profileView(cluster, profile) };
}

/** EKS leaves the access entry of the role behind. */
export function profileGone(place: Place, cluster: ClusterRecord, { name }: FargateProfileRecord): void {
  delete cluster.fargateProfiles[name];
  recheckAddons(place, cluster);
}

function profileView(cluster: ClusterRecord, profile: FargateProfileRecord): FargateProfile {
  return {
    fargateProfileName: profile.name,
    fargateProfileArn: profile.arn,
    clusterName: cluster.name,
    createdAt: new Date(profile.createdAt),
    podExecutionRoleArn: profile.podExecutionRoleArn,
    subnets: profile.subnets,
    selectors: profile.selectors,
    status: profile.status,
    health: { issues: profile.issues },
    tags: profile.tags,
  };
}

export const fargateProfileHandlers = {
  CreateFargateProfile: createFargateProfile,
  DescribeFargateProfile: describeFargateProfile,
  ListFargateProfiles: listFargateProfiles,
  DeleteFargateProfile: deleteFargateProfile,
};
