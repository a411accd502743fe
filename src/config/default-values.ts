/** What a key of the file means when it is absent, as in eksctl. */

export const defaultIpFamily = "IPv4";
export const defaultVpcCidr = "192.168.0.0/16";
export const defaultNatGateway = "Single";
export const defaultPublicAccess = true;
export const defaultPrivateAccess = false;
export const defaultRemoteProvider = "ssm";
export const defaultWithOIDC = false;
export const defaultVpcResourceControllerPolicy = true;
export const defaultAuthenticationMode = "API_AND_CONFIG_MAP";
export const defaultCreatorAdmin = true;
export const defaultAccessEntryType = "STANDARD";
export const defaultAutoApplyPodIdentity = false;
export const defaultDisableDefaultAddons = false;
/** All that EKS Auto Mode has; it gets all of them unless the file says otherwise. */
export const autoModeNodePools = ["general-purpose", "system"] as const;

/** Installed unless `addonsConfig.disableDefaultAddons` says otherwise; those of the file replace them by name. */
export const defaultAddons = ["vpc-cni", "kube-proxy", "coredns", "metrics-server"] as const;
/** Of the default add-ons, the one that only the partition `aws` offers. */
export const defaultAddonOfCommercialRegions = "metrics-server";

export const defaultAmiFamily = "AmazonLinux2023";
export const defaultInstanceType = "m5.large";
/** Nodes of a nodegroup that says nothing about its size. */
export const defaultNodes = 2;
/** GiB. */
export const defaultVolumeSize = 80;
export const defaultVolumeType = "gp3";
/** In Local Zones and on Outposts: Outposts have no other, not all Local Zones have gp3 (awslabs/amazon-eks-ami#1295), and nobody can be asked which. */
export const defaultVolumeTypeOutsideRegion = "gp2";
export const defaultGp3IOPS = 3000;
/** MiB/s. */
export const defaultGp3Throughput = 125;
export const defaultProvisionedIOPS = 100;
export const defaultDisableIMDSv1 = true;
export const defaultDisablePodIMDS = false;
export const defaultPrivateNetworking = false;
export const defaultSpot = false;

/** The last Kubernetes version that AWS makes images of Amazon Linux 2 for. */
export const lastOfAmazonLinux2 = "1.32";
