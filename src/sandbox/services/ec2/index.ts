import { AwsError } from "../../aws-error.ts";
import type { Handler, Service } from "../../service.ts";
import { addressHandlers } from "./addresses.ts";
import { egressOnlyInternetGatewayHandlers } from "./egress-only-internet-gateways.ts";
import { imageHandlers } from "./images.ts";
import { instanceTypeHandlers } from "./instance-types.ts";
import { instanceHandlers, settleInstances } from "./instances.ts";
import { internetGatewayHandlers } from "./internet-gateways.ts";
import { keyPairHandlers } from "./key-pairs.ts";
import { launchTemplateVersionHandlers } from "./launch-template-versions.ts";
import { launchTemplateHandlers } from "./launch-templates.ts";
import { natGatewayHandlers, settleNatGateways } from "./nat-gateways.ts";
import { networkInterfaceHandlers, settleNetworkInterfaces } from "./network-interfaces.ts";
import { placementGroupHandlers } from "./placement-groups.ts";
import { routeTableHandlers } from "./route-tables.ts";
import { routeHandlers } from "./routes.ts";
import { runInstancesHandlers } from "./run-instances.ts";
import { securityGroupRuleHandlers } from "./security-group-rules.ts";
import { securityGroupHandlers } from "./security-groups.ts";
import { subnetHandlers } from "./subnets.ts";
import { tagHandlers } from "./tags.ts";
import { settleTransitGatewayAttachments, transitGatewayHandlers } from "./transit-gateways.ts";
import { volumeHandlers } from "./volumes.ts";
import { settleVpcEndpoints, vpcEndpointHandlers } from "./vpc-endpoints.ts";
import { vpcHandlers } from "./vpcs.ts";
import { settleVpnGateways, vpnGatewayHandlers } from "./vpn-gateways.ts";
import { zoneHandlers } from "./zones.ts";

const handlers: Readonly<Record<string, Handler>> = {
  ...zoneHandlers,
  ...vpcHandlers,
  ...subnetHandlers,
  ...internetGatewayHandlers,
  ...egressOnlyInternetGatewayHandlers,
  ...transitGatewayHandlers,
  ...vpnGatewayHandlers,
  ...vpcEndpointHandlers,
  ...addressHandlers,
  ...natGatewayHandlers,
  ...routeTableHandlers,
  ...routeHandlers,
  ...securityGroupHandlers,
  ...securityGroupRuleHandlers,
  ...networkInterfaceHandlers,
  ...launchTemplateHandlers,
  ...launchTemplateVersionHandlers,
  ...keyPairHandlers,
  ...imageHandlers,
  ...placementGroupHandlers,
  ...instanceTypeHandlers,
  ...instanceHandlers,
  ...runInstancesHandlers,
  ...volumeHandlers,
  ...tagHandlers,
};

/** With DryRun a request is checked to the end and then fails, so that nothing of it stays. */
function withDryRun(handler: Handler): Handler {
  return (input, call) => {
    const output = handler(input, call);
    if (!isDryRun(input)) return output;
    throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", { status: 412 });
  };
}

function isDryRun(input: { readonly DryRun?: boolean }): boolean {
  return input.DryRun ?? false;
}

export const ec2Service: Service = {
  name: "ec2",
  handlers: Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, withDryRun(handler)])),
  settle(world) {
    for (const region of Object.keys(world.state.regions)) {
      settleNatGateways({ world, region });
      settleTransitGatewayAttachments({ world, region });
      settleVpnGateways({ world, region });
      settleVpcEndpoints({ world, region });
      settleInstances({ world, region });
      settleNetworkInterfaces({ world, region });
    }
  },
};
