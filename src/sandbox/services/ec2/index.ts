import type { Service } from "../../service.ts";
import { addressHandlers } from "./addresses.ts";
import { internetGatewayHandlers } from "./internet-gateways.ts";
import { natGatewayHandlers, settleNatGateways } from "./nat-gateways.ts";
import { networkInterfaceHandlers, settleNetworkInterfaces } from "./network-interfaces.ts";
import { routeTableHandlers } from "./route-tables.ts";
import { routeHandlers } from "./routes.ts";
import { securityGroupRuleHandlers } from "./security-group-rules.ts";
import { securityGroupHandlers } from "./security-groups.ts";
import { subnetHandlers } from "./subnets.ts";
import { tagHandlers } from "./tags.ts";
import { vpcHandlers } from "./vpcs.ts";
import { zoneHandlers } from "./zones.ts";

export const ec2Service: Service = {
  name: "ec2",
  handlers: {
    ...zoneHandlers,
    ...vpcHandlers,
    ...subnetHandlers,
    ...internetGatewayHandlers,
    ...addressHandlers,
    ...natGatewayHandlers,
    ...routeTableHandlers,
    ...routeHandlers,
    ...securityGroupHandlers,
    ...securityGroupRuleHandlers,
    ...networkInterfaceHandlers,
    ...tagHandlers,
  },
  settle(world) {
    for (const region of Object.keys(world.state.regions)) {
      settleNatGateways({ world, region });
      settleNetworkInterfaces({ world, region });
    }
  },
};
