import * as z from "zod";
import { autoModeNodePools } from "../default-values.ts";
import { flag, policyArn, roleArn, uniqueList } from "./values.ts";

export const autoModeConfig = z
  .strictObject({
    enabled: flag()
      .describe(
        "EKS Auto Mode: EKS launches nodes, volumes and load balancers by itself. Off again: what it launched goes. Default: false.",
      )
      .exactOptional(),
    nodePools: uniqueList(z.enum(autoModeNodePools))
      .describe("Built-in pools of nodes. []: none, and no role for nodes. Default: both, when Auto Mode is turned on.")
      .exactOptional(),
    nodeRoleARN: roleArn()
      .describe("Role of the nodes. Stays while Auto Mode is on. Default: one is made.")
      .exactOptional(),
    permissionsBoundaryARN: policyArn()
      .describe("Permissions boundary of the role that is made for nodes.")
      .exactOptional(),
  })
  .describe("EKS Auto Mode.");
