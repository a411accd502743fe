/** What `apply` does when a key of the file was edited. */
export const outcomes = {
  update: "changed in place",
  roll: "changed in place: nodes are replaced one after another",
  replace: "a successor is made, then the old one is drained and deleted",
  refuse: "refused",
  add: "another one is made; the old one is left, and deleted with `--prune`",
  birth: "counts at creation only",
  nothing: "nothing",
} as const;

export type Outcome = keyof typeof outcomes;

/** An outcome, and what there is to say beyond it. */
type Row = Outcome | readonly [Outcome, note: string];

/** Rows whose path ends with `.*` hold for all keys below. */
const rows: Readonly<Record<string, Row>> = {
  apiVersion: "nothing",
  kind: "nothing",
  "metadata.name": ["nothing", "another cluster is meant; the old one is left"],
  "metadata.region": ["nothing", "another cluster is meant; the old one is left"],
  "metadata.version": ["update", "one minor version at a time; never back"],
  "metadata.tags": ["update", "on every resource; nodes stay"],
  "metadata.annotations": ["nothing", "read by nothing"],
  "metadata.forceUpdateVersion": ["nothing", "counts when the version changes"],
  availabilityZones: ["refuse", "a VPC keeps its zones"],
  "kubernetesNetworkConfig.ipFamily": ["refuse", "EKS cannot change it"],
  "kubernetesNetworkConfig.serviceIPv4CIDR": ["refuse", "EKS cannot change it"],
  "vpc.cidr": ["refuse", "a VPC keeps its first block"],
  "vpc.nat.gateway": ["update", "gateways are made, routes follow, others are left or deleted with `--prune`"],
  "vpc.clusterEndpoints.*": ["update", "interrupts the Kubernetes API"],
  "vpc.publicAccessCIDRs": "update",
  "vpc.extraCIDRs": ["add", "one security group rule a block"],
  "vpc.hostnameType": ["update", "for new nodes"],
  "iam.serviceRoleARN": ["refuse", "EKS cannot change it"],
  "iam.serviceRolePermissionsBoundary": "update",
  "iam.withOIDC": ["update", "off: the provider is left, and deleted with `--prune`"],
  "iam.vpcResourceControllerPolicy": "update",
  "accessConfig.authenticationMode": ["update", "towards API only, one step at a time"],
  "accessConfig.bootstrapClusterCreatorAdminPermissions": "birth",
  "accessConfig.accessEntries[].principalARN": ["add", "one access entry a principal"],
  "accessConfig.accessEntries[].type": ["refuse", "EKS cannot change it: delete the entry first"],
  "accessConfig.accessEntries[].kubernetesGroups": "update",
  "accessConfig.accessEntries[].kubernetesUsername": "update",
  "accessConfig.accessEntries[].accessPolicies[].policyARN": "update",
  "accessConfig.accessEntries[].accessPolicies[].accessScope.*": "update",
  "addons[].name": ["add", "one add-on a name"],
  "addons[].version": "update",
  "addons[].configurationValues": "update",
  "addons[].resolveConflicts": ["nothing", "counts when the add-on changes"],
  "addons[].namespaceConfig.namespace": ["refuse", "EKS cannot move an add-on: delete it first"],
  "addons[].serviceAccountRoleARN": "update",
  "addons[].attachPolicyARNs": "update",
  "addons[].attachPolicy": "update",
  "addons[].wellKnownPolicies.*": "update",
  "addons[].permissionsBoundary": "update",
  "addons[].podIdentityAssociations[].namespace": ["nothing", "EKS knows it"],
  "addons[].podIdentityAssociations[].serviceAccountName": "update",
  "addons[].podIdentityAssociations[].roleARN": "update",
  "addons[].podIdentityAssociations[].permissionPolicyARNs": "update",
  "addons[].podIdentityAssociations[].permissionPolicy": "update",
  "addons[].podIdentityAssociations[].permissionPolicyName": "update",
  "addons[].podIdentityAssociations[].roleName": ["refuse", "IAM cannot rename a role"],
  "addons[].podIdentityAssociations[].permissionsBoundaryARN": "update",
  "addons[].useDefaultPodIdentityAssociations": "update",
  "addons[].tags": "update",
  "addons[].publishers": ["nothing", "counts when a version is looked for"],
  "addons[].types": ["nothing", "counts when a version is looked for"],
  "addons[].owners": ["nothing", "counts when a version is looked for"],
  "addonsConfig.autoApplyPodIdentityAssociations": "update",
  "addonsConfig.disableDefaultAddons": ["add", "off again: those that are missing are made"],
  "cloudWatch.clusterLogging.enableTypes": "update",
  "cloudWatch.clusterLogging.logRetentionInDays": "update",
  "secretsEncryption.keyARN": ["update", "once; then EKS neither changes nor removes it"],
  "upgradePolicy.supportType": "update",
  "zonalShiftConfig.enabled": "update",
  deletionProtection: "update",
  "controlPlaneScalingConfig.tier": "update",
  "managedNodeGroups[].name": ["add", "one nodegroup a name"],
  "managedNodeGroups[].amiFamily": ["refuse", "EKS cannot change it"],
  "managedNodeGroups[].instanceType": "roll",
  "managedNodeGroups[].instanceTypes": ["roll", "one type for another; a list of several is refused"],
  "managedNodeGroups[].spot": ["refuse", "EKS cannot change it"],
  "managedNodeGroups[].desiredCapacity": ["update", "only when the file changes: an autoscaler's choice stays"],
  "managedNodeGroups[].minSize": "update",
  "managedNodeGroups[].maxSize": "update",
  "managedNodeGroups[].volumeSize": "roll",
  "managedNodeGroups[].volumeType": "roll",
  "managedNodeGroups[].volumeIOPS": "roll",
  "managedNodeGroups[].volumeThroughput": "roll",
  "managedNodeGroups[].volumeEncrypted": "roll",
  "managedNodeGroups[].volumeKmsKeyID": "roll",
  "managedNodeGroups[].labels": ["update", "nodes stay"],
  "managedNodeGroups[].taints[].*": ["update", "nodes stay"],
  "managedNodeGroups[].tags": ["update", "nodes stay"],
  "managedNodeGroups[].privateNetworking": ["refuse", "EKS cannot change the subnets"],
  "managedNodeGroups[].availabilityZones": ["refuse", "EKS cannot change the subnets"],
  "managedNodeGroups[].subnets": ["refuse", "EKS cannot change the subnets"],
  "managedNodeGroups[].updateConfig.*": "update",
  "managedNodeGroups[].nodeRepairConfig.*": "update",
  "managedNodeGroups[].nodeRepairConfig.nodeRepairConfigOverrides[].*": "update",
  "managedNodeGroups[].releaseVersion": ["roll", "to a newer release; never back"],
  "managedNodeGroups[].ssh.allow": "roll",
  "managedNodeGroups[].ssh.publicKeyName": "roll",
  "managedNodeGroups[].iam.instanceRoleARN": ["refuse", "EKS cannot change it"],
  "managedNodeGroups[].iam.instanceRoleName": ["refuse", "IAM cannot rename a role"],
  "managedNodeGroups[].iam.instanceRolePermissionsBoundary": "update",
  "managedNodeGroups[].iam.attachPolicyARNs": "update",
  "managedNodeGroups[].iam.withAddonPolicies.*": "update",
  "managedNodeGroups[].securityGroups.attachIDs": "roll",
  "managedNodeGroups[].disableIMDSv1": "roll",
  "managedNodeGroups[].disablePodIMDS": "roll",
  "managedNodeGroups[].ebsOptimized": "roll",
  "managedNodeGroups[].enableDetailedMonitoring": "roll",
  "managedNodeGroups[].instanceName": ["nothing", "counts when nodes are next replaced"],
  "managedNodeGroups[].instancePrefix": ["nothing", "counts when nodes are next replaced"],
};

export interface OnChange {
  readonly outcome: Outcome;
  readonly note?: string;
}

/** @param path as `managedNodeGroups[].iam.instanceRoleARN`; undefined for a key that no row speaks of. */
export function onChange(path: string): OnChange | undefined {
  const row = rows[path] ?? rows[`${path.slice(0, path.lastIndexOf("."))}.*`];
  if (row === undefined) return undefined;
  return typeof row === "string" ? { outcome: row } : { outcome: row[0], note: row[1] };
}

/** The paths that rows speak of. */
export const changeRows: readonly string[] = Object.keys(rows);
