import { isSameWord } from "./nearest.ts";

/**
 * Words of AWS's API, of other tools and of eksctl's flags for what has a key in this format, by the place where people write them, as far
 * as spelling does not lead there. Letter case, hyphens and underscores do not count.
 */
const otherWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    clusterName: "metadata.name",
    clusterVersion: "metadata.version",
    kubernetesVersion: "metadata.version",
    roleArn: "iam.serviceRoleARN",
    resourcesVpcConfig: "vpc",
    vpcId: "vpc.id",
    vpcCidr: "vpc.cidr",
    subnetIds: "vpc.subnets",
    natGateway: "vpc.nat.gateway",
    enableIrsa: "iam.withOIDC",
    oidc: "iam.withOIDC",
    logging: "cloudWatch.clusterLogging",
    encryptionConfig: "secretsEncryption",
    eksManagedNodeGroups: "managedNodeGroups",
    selfManagedNodeGroups: "nodeGroups",
    clusterAddons: "addons",
    fargate: "fargateProfiles",
    zones: "availabilityZones",
    endpointPublicAccess: "vpc.clusterEndpoints.publicAccess",
    endpointPrivateAccess: "vpc.clusterEndpoints.privateAccess",
    kmsKeyArn: "secretsEncryption.keyARN",
  },
  metadata: {
    clusterName: "name",
    kubernetesVersion: "version",
    labels: "tags",
  },
  vpc: {
    vpcId: "id",
    vpcCidr: "cidr",
    subnetIds: "subnets",
    natGateway: "nat.gateway",
    natGateways: "nat.gateway",
    natMode: "nat.gateway",
    privateSubnets: "subnets.private",
    publicSubnets: "subnets.public",
    endpointPublicAccess: "clusterEndpoints.publicAccess",
    endpointPrivateAccess: "clusterEndpoints.privateAccess",
    securityGroupIds: "controlPlaneSecurityGroupIDs",
  },
  "managedNodeGroups[]": {
    nodegroupName: "name",
    amiType: "amiFamily",
    amiId: "ami",
    imageId: "ami",
    capacityType: "spot",
    diskSize: "volumeSize",
    diskType: "volumeType",
    nodeVolumeSize: "volumeSize",
    scalingConfig: "minSize, maxSize and desiredCapacity",
    desiredSize: "desiredCapacity",
    nodes: "desiredCapacity",
    count: "desiredCapacity",
    nodesMin: "minSize",
    minCapacity: "minSize",
    nodesMax: "maxSize",
    maxCapacity: "maxSize",
    nodeType: "instanceType",
    instances: "instanceTypes",
    remoteAccess: "ssh",
    keyName: "ssh.publicKeyName",
    nodeRole: "iam.instanceRoleARN",
    roleArn: "iam.instanceRoleARN",
    zones: "availabilityZones",
    subnetIds: "subnets",
    securityGroupIds: "securityGroups.attachIDs",
    userData: "preBootstrapCommands",
    version: "metadata.version",
  },
  "managedNodeGroups[].launchTemplate": { name: "id" },
  "managedNodeGroups[].ssh": { keyName: "publicKeyName", enabled: "allow" },
  "addons[]": { addonName: "name", addonVersion: "version" },
  "cloudWatch.clusterLogging": { types: "enableTypes" },
  "iam.serviceAccounts[]": {
    roleARN: "attachRoleARN",
    permissionPolicyARNs: "attachPolicyARNs",
    permissionPolicy: "attachPolicy",
    permissionsBoundaryARN: "permissionsBoundary",
  },
  "iam.podIdentityAssociations[]": {
    metadata: "namespace and serviceAccountName",
    name: "serviceAccountName",
    attachRoleARN: "roleARN",
    attachPolicyARNs: "permissionPolicyARNs",
    attachPolicy: "permissionPolicy",
  },
  "iamIdentityMappings[]": { roleArn: "arn", userArn: "arn" },
};

/** What is called otherwise here, from the place on or from the top; undefined for a word that means nothing to us. */
export function otherWord(place: string, key: string): string | undefined {
  // Nodegroups of both kinds have the same words.
  const words = Object.entries(otherWords[place.replace(/^nodeGroups/, "managedNodeGroups")] ?? {});
  return words.find(([word]) => isSameWord(word, key))?.[1];
}
