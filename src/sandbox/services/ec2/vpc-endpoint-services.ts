import { createHash } from "node:crypto";
import type { DescribeVpcEndpointServicesRequest, DescribeVpcEndpointServicesResult } from "@aws-sdk/client-ec2";
import { partitionOf } from "../../partitions.ts";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { applyFilters, type FilterTable } from "./filters.ts";
import { pageOf } from "./pages.ts";
import { zonesOf } from "./zones.ts";

/** A service of AWS that endpoints lead to. */
export interface EndpointService {
  readonly name: string;
  readonly type: "Interface" | "Gateway";
  /** The name that a private hosted zone answers; a gateway has none. */
  readonly dnsName: string | undefined;
  readonly zones: readonly string[];
}

/** Those that a cluster may use; AWS has some hundreds. */
const interfaceServices = `
  autoscaling cloudformation ec2 ec2messages ecr.api ecr.dkr eks eks-auth elasticloadbalancing kms logs s3 secretsmanager
  sqs ssm ssmmessages sts xray
`
  .trim()
  .split(/\s+/);

/** In China the names of most interface services begin with the country. */
const withoutCountry = new Set(["logs", "kms", "s3", "ssm", "ssmmessages", "ec2messages", "xray"]);

export function endpointServicesOf(region: string): readonly EndpointService[] {
  const china = partitionOf(region) === "aws-cn";
  const zones = zonesOf(region).map(({ name }) => name);
  const domain = china ? "amazonaws.com.cn" : "amazonaws.com";
  return [
    ...interfaceServices.map((service): EndpointService => {
      const prefix = china && !withoutCountry.has(service) ? "cn.com.amazonaws" : "com.amazonaws";
      return {
        name: `${prefix}.${region}.${service}`,
        type: "Interface",
        dnsName: `${service.split(".").toReversed().join(".")}.${region}.${domain}`,
        zones,
      };
    }),
    ...["dynamodb", "s3"].map((service): EndpointService => ({
      name: `com.amazonaws.${region}.${service}`,
      type: "Gateway",
      dnsName: undefined,
      zones,
    })),
  ];
}

const filters: FilterTable<EndpointService> = {
  owner: () => "amazon",
  "service-name": ({ name }) => name,
  "service-region": (_, { region }) => region,
  "service-type": ({ type }) => type,
};

/** S3 is there twice, once of each type. */
function describeServices(input: DescribeVpcEndpointServicesRequest, call: Call): DescribeVpcEndpointServicesResult {
  const all = endpointServicesOf(call.region);
  const unknown = input.ServiceNames?.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) throw serviceNotFound(unknown);
  const asked = input.ServiceNames?.length ? all.filter(({ name }) => input.ServiceNames?.includes(name)) : all;
  const { items, ...rest } = pageOf(applyFilters(asked, input.Filters, filters, call), input);
  return {
    ServiceNames: [...new Set(items.map(({ name }) => name))],
    ServiceDetails: items.map(({ name, type, dnsName, zones }) => ({
      ServiceName: name,
      ServiceId: `vpce-svc-${createHash("sha256").update(`${name}/${type}`).digest("hex").slice(0, 17)}`,
      ServiceType: [{ ServiceType: type }],
      ServiceRegion: call.region,
      AvailabilityZones: [...zones],
      Owner: "amazon",
      ...(dnsName === undefined ? {} : { PrivateDnsName: dnsName, PrivateDnsNames: [{ PrivateDnsName: dnsName }] }),
      VpcEndpointPolicySupported: true,
      AcceptanceRequired: false,
      ManagesVpcEndpoints: false,
      Tags: [],
    })),
    ...rest,
  };
}

export function serviceNotFound(name: string): AwsError {
  return new AwsError("InvalidServiceName", `The Vpc Endpoint Service '${name}' does not exist`);
}

export const vpcEndpointServiceHandlers = { DescribeVpcEndpointServices: describeServices };
