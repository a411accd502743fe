import { isVpnGateway } from "../config/remote-gateway.ts";
import type { Handle } from "../engine/graph.ts";
import type { RouteTableSpec } from "../resources/ec2/route-table.ts";
import { transitGatewayAttachment } from "../resources/ec2/transit-gateway-attachment.ts";
import type { SubnetAttrs } from "../resources/ec2/subnet.ts";
import type { VpcAttrs } from "../resources/ec2/vpc.ts";
import { vpnGatewayAttachment, vpnGatewayAttachmentId } from "../resources/ec2/vpn-gateway-attachment.ts";
import { remoteNetworks } from "./hybrid-nodes.ts";
import type { Scope } from "./scope.ts";

/** The gateway that leads to hybrid nodes, attached to the cluster's own VPC; a transit gateway is by its private subnets. */
export function addGatewayAttachment(
  scope: Scope,
  vpc: Handle<VpcAttrs>,
  privateSubnets: readonly { readonly subnet: Handle<SubnetAttrs> }[],
): Handle<unknown> | undefined {
  const gatewayId = scope.config.remoteNetworkConfig?.vpcGatewayID;
  if (gatewayId === undefined) return undefined;
  if (isVpnGateway(gatewayId)) {
    return scope.graph.add(vpnGatewayAttachment, {
      id: vpnGatewayAttachmentId,
      name: gatewayId,
      spec: { vpnGatewayId: gatewayId },
      deps: { vpc },
    });
  }
  return scope.graph.add(transitGatewayAttachment, {
    id: "transit-gateway-attachment",
    name: `${scope.name}/transit-gateway-attachment`,
    spec: { transitGatewayId: gatewayId, tags: scope.tags("transit-gateway-attachment") },
    deps: { vpc, subnets: privateSubnets.map((one) => one.subnet) },
  });
}

/** The way from private subnets to hybrid nodes and their pods. */
export function remoteRoutes({ config }: Scope): Pick<RouteTableSpec, "remote"> {
  const gatewayId = config.remoteNetworkConfig?.vpcGatewayID;
  const { nodes, pods } = remoteNetworks(config);
  return gatewayId === undefined ? {} : { remote: { gatewayId, cidrs: [...nodes, ...pods] } };
}
