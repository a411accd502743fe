/** What says of a config that its VPC exists. Also of a draft, of which parts are missing. */
interface MayBeGiven {
  readonly vpc?:
    | {
        readonly id?: string | undefined;
        readonly subnets?: { readonly public?: object | undefined; readonly private?: object | undefined } | undefined;
      }
    | undefined;
}

/** Whether the file names a VPC that exists, by its id or by its subnets. */
export function hasGivenVpc({ vpc }: MayBeGiven): boolean {
  return vpc?.id !== undefined || vpc?.subnets !== undefined;
}

export const visibilities = ["public", "private"] as const;
export type Visibility = (typeof visibilities)[number];

/** A subnet of `vpc.subnets`. */
export interface NamedSubnet {
  readonly visibility: Visibility;
  /** Its key in the file: a zone, or any name. */
  readonly key: string;
  readonly id?: string | undefined;
  readonly az?: string | undefined;
  readonly cidr?: string | undefined;
}

type NamedSubnets = Readonly<Record<string, Omit<NamedSubnet, "visibility" | "key"> | undefined>>;

/** The subnets that the file names, the public ones first. */
export function namedSubnets({
  vpc,
}: {
  readonly vpc?:
    { readonly subnets?: { readonly [V in Visibility]?: NamedSubnets | undefined } | undefined } | undefined;
}): readonly NamedSubnet[] {
  return visibilities.flatMap((visibility) =>
    Object.entries(vpc?.subnets?.[visibility] ?? {}).map(([key, subnet]) => ({ visibility, key, ...subnet })),
  );
}

/** Whether what a nodegroup calls a subnet is its id. */
export function isSubnetId(name: string): boolean {
  return /^subnet-[0-9a-f]{5,17}$/.test(name);
}

interface NamesGroups {
  readonly vpc?: { readonly securityGroup?: string; readonly controlPlaneSecurityGroupIDs?: readonly string[] };
}

/** The security groups that the file gives the control plane. */
export function controlPlaneGroups({ vpc }: NamesGroups): readonly string[] {
  return vpc?.controlPlaneSecurityGroupIDs ?? (vpc?.securityGroup === undefined ? [] : [vpc.securityGroup]);
}

interface Placing {
  readonly name?: string | undefined;
  readonly privateNetworking?: boolean | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly outpostARN?: string | undefined;
}

/** What is placed into subnets beside the control plane. */
export interface SubnetUser {
  /** How to speak of it: `the nodegroup web`. */
  readonly who: string;
  readonly visibility: Visibility;
  /** As the file names them. */
  readonly subnets: readonly string[];
  /** They are to be on the Outpost that the file names. */
  readonly isOnOutpost: boolean;
}

/** The nodegroups and Fargate profiles of a file, with the subnets that they name. */
export function subnetUsers({
  nodeGroups = [],
  managedNodeGroups = [],
  fargateProfiles = [],
}: {
  readonly nodeGroups?: readonly Placing[];
  readonly managedNodeGroups?: readonly Placing[];
  readonly fargateProfiles?: readonly Placing[];
}): readonly SubnetUser[] {
  return [
    ...[...nodeGroups, ...managedNodeGroups].map(({ name, privateNetworking, subnets = [], outpostARN }) => ({
      who: `the nodegroup ${name}`,
      visibility: privateNetworking === true ? ("private" as const) : ("public" as const),
      subnets,
      isOnOutpost: outpostARN !== undefined,
    })),
    ...fargateProfiles.map(({ name, subnets = [] }) => ({
      who: `the Fargate profile ${name}`,
      visibility: "private" as const,
      subnets,
      isOnOutpost: false,
    })),
  ];
}
