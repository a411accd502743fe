import type { Handle } from "../engine/graph.ts";
import type { RouteTableSpec } from "../resources/ec2/route-table.ts";
import { transitGatewayAttachment } from "../resources/ec2/transit-gateway-attachment.ts";
import type { SubnetAttrs } from "../resources/ec2/subnet.ts";
import type { VpcAttrs } from "../resources/ec2/vpc.ts";
import { remoteNetworks } from "./hybrid-nodes.ts";
import type { Scope } from "./scope.ts";

/** The gateway that leads to hybrid nodes, attached to the private subnets of the cluster's own VPC. */
export function addTransitGatewayAttachment(
  scope: Scope,
  vpc: Handle<VpcAttrs>,
  privateSubnets: readonly { readonly subnet: Handle<SubnetAttrs> }[],
): Handle<unknown> | undefined {
  const transitGatewayId = scope.config.remoteNetworkConfig?.vpcGatewayID;
  if (transitGatewayId === undefined) return undefined;
  return scope.graph.add(transitGatewayAttachment, {
    id: "transit-gateway-attachment",
    name: `${scope.name}/transit-gateway-attachment`,
    spec: { transitGatewayId, tags: scope.tags("transit-gateway-attachment") },
    deps: { vpc, subnets: privateSubnets.map((one) => one.subnet) },
  });
}

/** The way from private subnets to hybrid nodes and their pods. */
export function remoteRoutes({ config }: Scope): Pick<RouteTableSpec, "remote"> {
  const gatewayId = config.remoteNetworkConfig?.vpcGatewayID;
  const { nodes, pods } = remoteNetworks(config);
  return gatewayId === undefined ? {} : { remote: { gatewayId, cidrs: [...nodes, ...pods] } };
}
