import {
  DescribeVpcEndpointServicesCommand,
  paginateDescribeVpcEndpoints,
  type ServiceDetail,
} from "@aws-sdk/client-ec2";
import { collect } from "../aws/answers.ts";
import type { Clients } from "../aws/clients.ts";
import { allow } from "../aws/permissions.ts";
import { owned, tagsOf } from "../aws/tags.ts";
import { gatewayService } from "../config/endpoint-services.ts";
import type { Action } from "../engine/kind.ts";
import type { Needs } from "./needs.ts";
import type { EndpointService, Facts, GivenEndpoint } from "./types.ts";

type EndpointNeeds = Pick<Needs, "cluster" | "region" | "endpointServices" | "network">;

/** The permissions that gathering of endpoints takes. */
export function gatheringEndpoints({ endpointServices, network }: EndpointNeeds): readonly Action[] {
  if (endpointServices.length === 0) return [];
  return allow(["ec2:DescribeVpcEndpointServices", ...(network ? ["ec2:DescribeVpcEndpoints"] : [])]);
}

/** The services that endpoints are wanted for, as far as the region has them. */
export async function gatherEndpointServices(
  { region, endpointServices }: EndpointNeeds,
  { ec2 }: Clients,
): Promise<Facts["endpointServices"]> {
  if (endpointServices.length === 0) return {};
  // In China some names begin otherwise. A filter leaves out what does not exist.
  const Values = endpointServices.flatMap((service) =>
    ["com.amazonaws", "cn.com.amazonaws"].map((prefix) => `${prefix}.${region}.${service}`),
  );
  const details: ServiceDetail[] = [];
  let NextToken: string | undefined;
  do {
    const request = { Filters: [{ Name: "service-name", Values }], ...(NextToken && { NextToken }) };
    const page = await ec2.send(new DescribeVpcEndpointServicesCommand(request));
    details.push(...(page.ServiceDetails ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return Object.fromEntries(
    endpointServices.flatMap((service) => {
      const found = serviceIn(details, region, service);
      return found ? [[service, found]] : [];
    }),
  );
}

/** S3 has endpoints of both types, under one name. */
function serviceIn(details: readonly ServiceDetail[], region: string, service: string): EndpointService | undefined {
  const type = service === gatewayService ? "Gateway" : "Interface";
  const found = details.find(
    ({ ServiceName, ServiceType }) =>
      ServiceName?.endsWith(`.${region}.${service}`) && ServiceType?.some((one) => one.ServiceType === type),
  );
  return found && { name: found.ServiceName ?? "", zones: found.AvailabilityZones ?? [] };
}

/** The endpoints that others have in a given VPC. */
export async function gatherGivenEndpoints(
  needs: EndpointNeeds,
  vpcId: string | undefined,
  { ec2 }: Clients,
): Promise<readonly GivenEndpoint[]> {
  if (needs.endpointServices.length === 0 || vpcId === undefined) return [];
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const found = await collect(paginateDescribeVpcEndpoints({ client: ec2 }, { Filters }), (page) => page.VpcEndpoints);
  return found
    .filter(({ State = "", Tags }) => !owned(tagsOf(Tags), needs) && !/^delet/i.test(State))
    .map((one) => ({
      id: one.VpcEndpointId ?? "",
      serviceName: one.ServiceName ?? "",
      privateDns: one.PrivateDnsEnabled ?? false,
      routeTableIds: one.RouteTableIds ?? [],
    }));
}
