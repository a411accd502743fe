import * as z from "zod";
import { optionalEndpointServices } from "../endpoint-services.ts";
import { flag, uniqueList } from "./values.ts";

export const privateCluster = z
  .strictObject({
    enabled: flag()
      .describe(
        "No way to the internet and none back: private subnets only, AWS reached by VPC endpoints, and the Kubernetes API by its " +
          "private endpoint. Default: false.",
      )
      .exactOptional(),
    skipEndpointCreation: flag()
      .describe("Make no VPC endpoints: the given network has them, or another way to AWS. Default: false.")
      .exactOptional(),
    additionalEndpointServices: uniqueList(z.enum(optionalEndpointServices))
      .describe("Services that have VPC endpoints beside those that nodes need. Default: none.")
      .exactOptional(),
  })
  .describe("A cluster without the internet.");
