import type { Tags } from "../../aws/tags.ts";

/** What is absent is not managed: EKS's default at creation, left alone later. */
export interface ClusterSpec {
  /** `1.34`. */
  readonly version?: string;
  readonly endpointPublicAccess?: boolean;
  readonly endpointPrivateAccess?: boolean;
  readonly publicAccessCidrs?: readonly string[];
  /** The log types that are on: api, audit, authenticator, controllerManager, scheduler. */
  readonly logging?: readonly string[];
  readonly secretsEncryptionKeyArn?: string;
  readonly authenticationMode?: string;
  /** Only for creation. */
  readonly bootstrapClusterCreatorAdminPermissions?: boolean;
  readonly serviceIpv4Cidr?: string;
  readonly supportType?: string;
  readonly zonalShift?: boolean;
  readonly scalingTier?: string;
  readonly tags: Tags;
}
export interface ClusterDeps {
  readonly role: { readonly arn: string };
  readonly subnets: readonly { readonly id: string }[];
  readonly securityGroups: readonly { readonly id: string }[];
}
export interface ClusterAttrs {
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly platformVersion: string;
  readonly endpoint: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
  /** The security group that EKS makes. */
  readonly securityGroup: { readonly id: string };
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly roleArn: string;
  /** With `https://`. */
  readonly oidcIssuer: string;
  readonly endpointPublicAccess: boolean;
  readonly endpointPrivateAccess: boolean;
  readonly publicAccessCidrs: readonly string[];
  readonly logging: readonly string[];
  readonly secretsEncryptionKeyArn: string | null;
  readonly authenticationMode: string;
  readonly serviceIpv4Cidr: string;
  readonly supportType: string;
  readonly zonalShift: boolean;
  readonly scalingTier: string;
  readonly createdAt: string;
  readonly tags: Tags;
}
