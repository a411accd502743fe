import { createHash } from "node:crypto";
import { endpointServices } from "../config/endpoint-services.ts";
import { controlPlaneGroups, hasGivenVpc, isSubnetId, namedSubnets, subnetUsers } from "../config/given-network.ts";
import { outpostsOf } from "../config/outposts.ts";
import { isZoneOf } from "../config/regions.ts";
import type { ClusterConfig } from "../config/types.ts";

/** A VPC that exists, with what of it a file names. What the file does not say of a subnet is left to who makes it. */
export interface GivenVpcThing {
  readonly region: string;
  readonly id: string;
  readonly cidr?: string;
  /** It has IPv6, too. */
  readonly ipv6?: boolean;
  readonly subnets: readonly {
    readonly id: string;
    readonly public: boolean;
    /** No way to the internet. */
    readonly isolated?: boolean;
    readonly zone?: string | undefined;
    readonly cidr?: string | undefined;
    /** ARN of the Outpost that it is on. */
    readonly outpostArn?: string | undefined;
  }[];
  readonly securityGroups: readonly string[];
}

/** The VPC that a file names, if any. What it names otherwise than by an id gets an id of which nobody knows. */
export function givenVpcs(config: ClusterConfig): readonly GivenVpcThing[] {
  if (!hasGivenVpc(config)) return [];
  const { region } = config.metadata;
  const { vpc = {} } = config;
  const named = namedSubnets(config).map(({ visibility, key, id, az, cidr }) => {
    const zone = az ?? (isZoneOf(key, region) ? key : undefined);
    return {
      id: id ?? `subnet-${digest([vpc.id, visibility, key, zone, cidr])}`,
      public: visibility === "public",
      zone,
      cidr,
      outpostArn: config.outpost?.controlPlaneOutpostARN,
    };
  });
  const [outpostArn] = outpostsOf(config);
  const ofUsers = subnetUsers(config).flatMap(({ subnets, visibility, isOnOutpost }) =>
    subnets
      .filter(isSubnetId)
      .map((id) => ({ id, public: visibility === "public", ...(isOnOutpost ? { outpostArn } : {}) })),
  );
  const isolated = endpointServices(config).length > 0 ? { isolated: true } : {};
  const ofControlPlane = (vpc.controlPlaneSubnetIDs ?? []).map((id) => ({ id, public: false }));
  const known = new Set(named.map(({ id }) => id));
  const others = new Map(
    [...ofUsers, ...ofControlPlane].filter(({ id }) => !known.has(id)).map((one) => [one.id, one]),
  );
  const subnets = [...named, ...others.values()].map((one) => ({ ...one, ...(one.public ? {} : isolated) }));
  const block = vpc.cidr ?? blockAround(named.flatMap(({ cidr }) => cidr ?? []));
  return [
    {
      region,
      id: vpc.id ?? `vpc-${digest(subnets.map(({ id }) => id))}`,
      ...(block === undefined ? {} : { cidr: block }),
      ...(config.kubernetesNetworkConfig?.ipFamily === "IPv6" ? { ipv6: true } : {}),
      subnets,
      securityGroups: [...controlPlaneGroups(config), vpc.sharedNodeSecurityGroup].filter((id) => id !== undefined),
    },
  ];
}

function digest(parts: readonly (string | undefined)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 17);
}

/** The largest block that a VPC can have, around the first of these. */
function blockAround([first]: readonly string[]): string | undefined {
  return first === undefined ? undefined : `${first.split(".").slice(0, 2).join(".")}.0.0/16`;
}
