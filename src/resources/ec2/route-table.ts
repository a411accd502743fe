import type { Tags } from "../../aws/tags.ts";
import type { InternetGatewayAttrs } from "./internet-gateway.ts";
import type { NatGatewayAttrs } from "./nat-gateway.ts";
import type { SubnetAttrs } from "./subnet.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface RouteTableSpec {
  readonly tags: Tags;
}
/** The default route (0.0.0.0/0) goes to the one gateway given, internet or NAT; without any there is none. */
export interface RouteTableDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
  readonly subnets: readonly Pick<SubnetAttrs, "id">[];
  readonly internetGateways: readonly Pick<InternetGatewayAttrs, "id">[];
  readonly natGateways: readonly Pick<NatGatewayAttrs, "id">[];
}
export interface RouteTableAttrs {
  readonly id: string;
  readonly vpcId: string;
  /** Destination CIDR to target id (`igw-…`, `nat-…`, `local`). */
  readonly routes: Readonly<Record<string, string>>;
  /** Subnet id to association id. */
  readonly associations: Readonly<Record<string, string>>;
  readonly tags: Tags;
}
