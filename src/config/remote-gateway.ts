/** Whether `remoteNetworkConfig.vpcGatewayID` names a virtual private gateway; else it is a transit gateway. */
export function isVpnGateway(gatewayId: string): boolean {
  return gatewayId.startsWith("vgw-");
}
