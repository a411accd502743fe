import * as z from "zod";
import { instanceType } from "./node-group-base.ts";
import { arnOfOutpost, text } from "./values.ts";

const spreadLevel = z
  .enum(["host", "rack"])
  .describe("What no two of the instances share: a host, or a rack. With etcdInstanceType. Default: none.");

export const outpost = z
  .strictObject({
    controlPlaneOutpostARN: arnOfOutpost().describe("The Outpost that the control plane runs on."),
    controlPlaneInstanceType: instanceType()
      .describe("Type of the control plane's instances. Default: the smallest of the Outpost, chosen once.")
      .exactOptional(),
    controlPlanePlacement: z
      .strictObject({
        groupName: text().max(255).describe("Name of a placement group that exists.").exactOptional(),
        spreadLevel: spreadLevel.exactOptional(),
      })
      .describe("Placement of the control plane's instances. groupName is not for clusters with etcdInstanceType.")
      .exactOptional(),
    etcdInstanceType: instanceType()
      .describe(
        "Type of instances for etcd alone, in local clusters of the second generation. Default: there are none.",
      )
      .exactOptional(),
    etcdPlacement: z
      .strictObject({ spreadLevel: spreadLevel.exactOptional() })
      .describe("Placement of etcd's instances.")
      .exactOptional(),
  })
  .describe(
    "A local cluster, whose control plane and nodes run on an AWS Outpost. Nothing of it can be changed later.",
  );
