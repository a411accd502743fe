import type { Service } from "../../service.ts";
import { addressHandlers } from "./addresses.ts";
import { instanceTypeHandlers } from "./instance-types.ts";
import { instanceHandlers, settleInstances } from "./instances.ts";
import { internetGatewayHandlers } from "./internet-gateways.ts";
import { keyPairHandlers } from "./key-pairs.ts";
import { launchTemplateVersionHandlers } from "./launch-template-versions.ts";
import { launchTemplateHandlers } from "./launch-templates.ts";
import { natGatewayHandlers, settleNatGateways } from "./nat-gateways.ts";
import { networkInterfaceHandlers, settleNetworkInterfaces } from "./network-interfaces.ts";
import { routeTableHandlers } from "./route-tables.ts";
import { routeHandlers } from "./routes.ts";
import { securityGroupRuleHandlers } from "./security-group-rules.ts";
import { securityGroupHandlers } from "./security-groups.ts";
import { subnetHandlers } from "./subnets.ts";
import { tagHandlers } from "./tags.ts";
import { volumeHandlers } from "./volumes.ts";
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
    ...launchTemplateHandlers,
    ...launchTemplateVersionHandlers,
    ...keyPairHandlers,
    ...instanceTypeHandlers,
    ...instanceHandlers,
    ...volumeHandlers,
    ...tagHandlers,
  },
  settle(world) {
    for (const region of Object.keys(world.state.regions)) {
      settleNatGateways({ world, region });
      settleInstances({ world, region });
      settleNetworkInterfaces({ world, region });
    }
  },
};
