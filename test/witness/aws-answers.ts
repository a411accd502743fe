/** What the AWS CLI prints, as far as it is compared here. */

export interface EksCluster {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly version: string;
  readonly platformVersion: string;
  readonly createdAt: string;
  readonly endpoint: string;
  readonly roleArn: string;
  readonly identity: { readonly oidc: { readonly issuer: string } };
  readonly accessConfig: { readonly authenticationMode: string };
  readonly resourcesVpcConfig: {
    readonly vpcId: string;
    readonly subnetIds: readonly string[];
    readonly securityGroupIds: readonly string[];
    readonly clusterSecurityGroupId: string;
    readonly endpointPublicAccess: boolean;
    readonly endpointPrivateAccess: boolean;
    readonly publicAccessCidrs: readonly string[];
  };
  readonly logging: {
    readonly clusterLogging: readonly { readonly enabled: boolean; readonly types: readonly string[] }[];
  };
  readonly tags: Readonly<Record<string, string>>;
}

export interface EksNodegroup {
  readonly nodegroupArn: string;
  readonly status: string;
  readonly version: string;
  readonly releaseVersion: string;
  readonly amiType: string;
  readonly capacityType: string;
  readonly scalingConfig: { readonly minSize: number; readonly maxSize: number; readonly desiredSize: number };
  readonly labels?: Readonly<Record<string, string>>;
  readonly nodeRole: string;
  readonly subnets: readonly string[];
}

export interface EksAddon {
  readonly addonArn: string;
  readonly addonVersion: string;
  readonly status: string;
  readonly serviceAccountRoleArn?: string;
}

export interface Ec2Vpc {
  readonly VpcId: string;
  readonly CidrBlock: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface Ec2Subnet {
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
  readonly CidrBlock: string;
  readonly MapPublicIpOnLaunch: boolean;
}

export interface Ec2NatGateway {
  readonly State: string;
  readonly SubnetId: string;
}

export interface LogGroup {
  readonly logGroupName: string;
  readonly retentionInDays?: number;
}
