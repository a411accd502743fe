import * as z from "zod";
import { arnOfResourceGroup, flag, text, wholeNumber } from "./values.ts";

/** The keys of a nodegroup that say where its instances run and what capacity they take. */
export const nodePlacement = {
  efaEnabled: flag()
    .describe(
      "Elastic Fabric Adapters: one on each network card, all nodes near to each other in one zone: that of " +
        "availabilityZones or subnets, else one that offers them. Default: false.",
    )
    .exactOptional(),
  placement: z
    .strictObject({ groupName: text().max(255).describe("Name of a placement group that exists in the region.") })
    .describe("Placement of the instances. Default: none; with efaEnabled a cluster placement group is made.")
    .exactOptional(),
  capacityReservation: z
    .strictObject({
      capacityReservationPreference: z
        .enum(["open", "none"])
        .describe("Whether instances run in any open capacity reservation that fits. Default of EC2: open.")
        .exactOptional(),
      capacityReservationTarget: z
        .strictObject({
          capacityReservationID: z
            .string()
            .regex(/^cr-[0-9a-f]{8,17}$/, "must be the id of a capacity reservation, as cr-0123456789abcdef0")
            .describe("The capacity reservation that instances run in.")
            .exactOptional(),
          capacityReservationResourceGroupARN: arnOfResourceGroup()
            .describe("Resource group of the capacity reservations that instances run in.")
            .exactOptional(),
        })
        .describe("The capacity reservation, or a group of them: one of the two.")
        .exactOptional(),
    })
    .describe("Capacity of EC2 that is reserved. Default: any that is open.")
    .exactOptional(),
  instanceMarketOptions: z
    .strictObject({
      marketType: z
        .enum(["capacity-block"])
        .describe("capacity-block: instances of an EC2 Capacity Block for ML, which capacityReservation names.")
        .exactOptional(),
    })
    .describe("How the instances are bought.")
    .exactOptional(),
  connectionTracking: z
    .strictObject({
      tcpEstablishedTimeout: wholeNumber(60, 432_000)
        .describe("Seconds that an idle TCP connection is kept. Default of EC2: by the instance type.")
        .exactOptional(),
      udpStreamTimeout: wholeNumber(60, 180)
        .describe("Seconds that an idle UDP stream is kept. Default of EC2: 180.")
        .exactOptional(),
      udpTimeout: wholeNumber(30, 60)
        .describe("Seconds that an idle UDP flow is kept that has gone one way only. Default of EC2: 30.")
        .exactOptional(),
    })
    .describe("Timeouts of idle connections that security groups track; for Nitro instances.")
    .exactOptional(),
};
