import { followingUpdates, seeingUpdates } from "../../aws/eks-updates.ts";
import {
  allow,
  encryptingWith,
  lookedAt,
  newWithOurTag,
  ofCluster,
  passing,
  serviceLinkedRole,
} from "../../aws/permissions.ts";
import type { Action, Planned } from "../../engine/kind.ts";
import type { ClusterSpec } from "./cluster.ts";
import { tagging, taggingNew } from "./tags-updates.ts";

type PlannedCluster = Planned<ClusterSpec> | undefined;

const update: readonly Action[] = [
  ...allow("eks:UpdateClusterConfig", ofCluster("cluster")),
  ...followingUpdates("cluster"),
];

function encryption(planned: PlannedCluster): readonly Action[] {
  const key = planned?.spec.secretsEncryptionKeyArn;
  return key === undefined ? [] : encryptingWith(key);
}

/** The permissions of a cluster's verbs (kind contract, `actions`). */
export const clusterActions = {
  list: allow("eks:DescribeCluster", ofCluster("cluster")),
  read: [...allow("eks:DescribeCluster", ofCluster("cluster")), ...seeingUpdates("cluster")],
  create: (planned: PlannedCluster): readonly Action[] => [
    ...allow("eks:CreateCluster", newWithOurTag),
    ...taggingNew("cluster", "CreateCluster"),
    ...passing(planned?.roles ?? [], "eks.amazonaws.com"),
    ...lookedAt(planned?.roles ?? [], "iam:GetRole"),
    ...serviceLinkedRole("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
    ...encryption(planned),
  ],
  delete: allow("eks:DeleteCluster", ofCluster("cluster")),
  version: [...allow("eks:UpdateClusterVersion", ofCluster("cluster")), ...followingUpdates("cluster")],
  logging: update,
  endpoint: update,
  encryption: (planned: PlannedCluster): readonly Action[] => [
    ...allow("eks:AssociateEncryptionConfig", ofCluster("cluster")),
    ...followingUpdates("cluster"),
    ...encryption(planned),
  ],
  authenticationMode: update,
  remoteNetworks: update,
  supportType: update,
  zonalShift: update,
  scalingTier: update,
  placement: update,
  components: update,
  egress: update,
  autoMode: (planned: PlannedCluster): readonly Action[] => [
    ...update,
    ...passing(planned?.roles ?? [], "eks.amazonaws.com"),
  ],
  lessAutoMode: (planned: PlannedCluster): readonly Action[] => [
    ...update,
    ...passing(planned?.roles ?? [], "eks.amazonaws.com"),
  ],
  deletionProtection: update,
  tags: tagging("cluster"),
};
