import type {
  CreatePodIdentityAssociationRequest,
  CreatePodIdentityAssociationResponse,
  DeletePodIdentityAssociationRequest,
  DeletePodIdentityAssociationResponse,
  DescribePodIdentityAssociationRequest,
  DescribePodIdentityAssociationResponse,
  ListPodIdentityAssociationsRequest,
  ListPodIdentityAssociationsResponse,
  PodIdentityAssociation,
  UpdatePodIdentityAssociationRequest,
  UpdatePodIdentityAssociationResponse,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy, isRepeat } from "./asked.ts";
import { type About, invalidParameter, invalidRequest, resourceInUse, resourceNotFound } from "./errors.ts";
import { clusterOf, requireActive } from "./lookup.ts";
import { paged } from "./pages.ts";
import { eksArn, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { assumableRole } from "./roles.ts";
import type { Asked, ClusterRecord, PodIdentityAssociationRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";

type Settings = Pick<PodIdentityAssociationRecord, "targetRoleArn" | "externalId" | "disableSessionTags" | "policy">;

const unset: Settings = { targetRoleArn: null, externalId: null, disableSessionTags: false, policy: null };

interface NewAssociation {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly asked: Asked;
  readonly ownerArn?: string;
  readonly settings?: Settings;
  readonly tags?: Record<string, string>;
}

/** Throws ResourceInUseException when the service account has a role already. */
export function addAssociation(
  place: Place,
  cluster: ClusterRecord,
  wanted: NewAssociation,
): PodIdentityAssociationRecord {
  const { namespace, serviceAccount, roleArn, asked } = wanted;
  const there = associationOf(cluster, namespace, serviceAccount);
  if (there) throw resourceInUse(`Association already exists: ${there.id}`, { clusterName: cluster.name });
  const present = Object.keys(cluster.podIdentityAssociations).length;
  checkQuota(place, "podIdentityAssociations", present + 1, { clusterName: cluster.name });
  const id = `a-${place.world.hex(17)}`;
  const now = place.world.now();
  const association: PodIdentityAssociationRecord = {
    id,
    arn: eksArn(place, `podidentityassociation/${cluster.name}/${id}`),
    createdAt: now,
    modifiedAt: now,
    namespace,
    serviceAccount,
    roleArn,
    asked,
    ...(wanted.settings ?? unset),
    ownerArn: wanted.ownerArn ?? null,
    tags: wanted.tags ?? {},
  };
  cluster.podIdentityAssociations[id] = association;
  return association;
}

function associationOf(
  cluster: ClusterRecord,
  namespace: string,
  serviceAccount: string,
): PodIdentityAssociationRecord | undefined {
  return Object.values(cluster.podIdentityAssociations).find(
    (each) => each.namespace === namespace && each.serviceAccount === serviceAccount,
  );
}

function createPodIdentityAssociation(
  input: CreatePodIdentityAssociationRequest,
  call: Call,
): CreatePodIdentityAssociationResponse {
  const { namespace = "", serviceAccount = "", roleArn = "" } = input;
  const cluster = clusterOf(call, input.clusterName ?? "");
  const about = { clusterName: cluster.name };
  const asked = askedBy(input);
  const there = associationOf(cluster, namespace, serviceAccount);
  if (there && isRepeat(there.asked, asked)) return { association: associationView(cluster, there) };
  requireActive(cluster);
  if (namespace === "" || serviceAccount === "") {
    throw invalidParameter("A namespace and a service account are required", about);
  }
  assumableRole(call, roleArn, "pods.eks", about);
  const tags = checkedTags(input.tags, about);
  const settings = settingsAfter(input, unset, call, about);
  const wanted = { namespace, serviceAccount, roleArn, asked, settings, tags };
  return { association: associationView(cluster, addAssociation(call, cluster, wanted)) };
}

function describePodIdentityAssociation(
  input: DescribePodIdentityAssociationRequest,
  call: Call,
): DescribePodIdentityAssociationResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  return { association: associationView(cluster, associationById(cluster, input.associationId)) };
}

function listPodIdentityAssociations(
  input: ListPodIdentityAssociationsRequest,
  call: Call,
): ListPodIdentityAssociationsResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const asked = Object.values(cluster.podIdentityAssociations).filter(
    (each) =>
      (input.namespace === undefined || each.namespace === input.namespace) &&
      (input.serviceAccount === undefined || each.serviceAccount === input.serviceAccount),
  );
  const { items, nextToken } = paged(asked, input);
  const associations = items.map(({ id, arn, namespace, serviceAccount, ownerArn }) => ({
    clusterName: cluster.name,
    associationId: id,
    associationArn: arn,
    namespace,
    serviceAccount,
    ...(ownerArn === null ? {} : { ownerArn }),
  }));
  return { associations, ...nextToken };
}

function updatePodIdentityAssociation(
  input: UpdatePodIdentityAssociationRequest,
  call: Call,
): UpdatePodIdentityAssociationResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const association = own(cluster, associationById(cluster, input.associationId));
  if (input.roleArn !== undefined) {
    assumableRole(call, input.roleArn, "pods.eks", { clusterName: cluster.name });
    association.roleArn = input.roleArn;
  }
  Object.assign(association, settingsAfter(input, association, call, { clusterName: cluster.name }));
  association.modifiedAt = call.world.now();
  return { association: associationView(cluster, association) };
}

function deletePodIdentityAssociation(
  input: DeletePodIdentityAssociationRequest,
  call: Call,
): DeletePodIdentityAssociationResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const association = own(cluster, associationById(cluster, input.associationId));
  delete cluster.podIdentityAssociations[association.id];
  return { association: associationView(cluster, association) };
}

/** Throws InvalidParameterException for what does not go together. Empty text takes a setting away. */
function settingsAfter(
  input: Pick<UpdatePodIdentityAssociationRequest, "targetRoleArn" | "disableSessionTags" | "policy">,
  before: Settings,
  { world }: Call,
  about: About,
): Settings {
  const after = (text: string | undefined, was: string | null) => (text === "" ? null : (text ?? was));
  const targetRoleArn = after(input.targetRoleArn, before.targetRoleArn);
  const policy = after(input.policy, before.policy);
  const disableSessionTags = input.disableSessionTags ?? before.disableSessionTags;
  if (targetRoleArn !== null && !/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(targetRoleArn)) {
    throw invalidParameter(`The target role ${targetRoleArn} is not the ARN of a role`, about);
  }
  if (policy !== null && !disableSessionTags) {
    throw invalidParameter("A policy can be used only when disableSessionTags is true", about);
  }
  if (policy !== null) readPolicy(policy, about);
  const externalId = targetRoleArn === null ? null : (before.externalId ?? world.hex(32));
  return { targetRoleArn, policy, disableSessionTags, externalId };
}

function readPolicy(text: string, about: About): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalidParameter("The policy is not valid JSON", about);
  }
}

function associationById(cluster: ClusterRecord, id = ""): PodIdentityAssociationRecord {
  const { podIdentityAssociations } = cluster;
  const association = Object.hasOwn(podIdentityAssociations, id) ? podIdentityAssociations[id] : undefined;
  if (association) return association;
  throw resourceNotFound(`No association found for ID: ${id}`, { clusterName: cluster.name });
}

/** Those of an add-on are changed through the add-on only. */
function own(cluster: ClusterRecord, association: PodIdentityAssociationRecord): PodIdentityAssociationRecord {
  if (association.ownerArn === null) return association;
  throw invalidRequest(`Association ${association.id} is owned by ${association.ownerArn}`, {
    clusterName: cluster.name,
  });
}

function associationView(cluster: ClusterRecord, association: PodIdentityAssociationRecord): PodIdentityAssociation {
  const { id, arn, namespace, serviceAccount, roleArn, ownerArn, disableSessionTags, tags } = association;
  const { targetRoleArn, externalId, policy } = association;
  return {
    clusterName: cluster.name,
    associationId: id,
    associationArn: arn,
    namespace,
    serviceAccount,
    roleArn,
    disableSessionTags,
    tags,
    createdAt: new Date(association.createdAt),
    modifiedAt: new Date(association.modifiedAt),
    ...(targetRoleArn === null ? {} : { targetRoleArn }),
    ...(externalId === null ? {} : { externalId }),
    ...(policy === null ? {} : { policy }),
    ...(ownerArn === null ? {} : { ownerArn }),
  };
}

export const podIdentityHandlers = {
  CreatePodIdentityAssociation: createPodIdentityAssociation,
  DescribePodIdentityAssociation: describePodIdentityAssociation,
  ListPodIdentityAssociations: listPodIdentityAssociations,
  UpdatePodIdentityAssociation: updatePodIdentityAssociation,
  DeletePodIdentityAssociation: deletePodIdentityAssociation,
};
