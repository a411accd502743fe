import { type Rule, forEachManagedNodegroup, forEachNodegroup } from "./rule.ts";

const reservation = forEachNodegroup((group, at, report) => {
  const { capacityReservationPreference: preference, capacityReservationTarget: target } =
    group.capacityReservation ?? {};
  const path = [...at, "capacityReservation"];
  if (target === undefined) return;
  if (preference !== undefined) {
    report(
      [...path, "capacityReservationPreference"],
      "cannot stand beside capacityReservationTarget: use one of the two",
      {
        at: "key",
      },
    );
  }
  const { capacityReservationID: id, capacityReservationResourceGroupARN: resourceGroup } = target;
  if ((id === undefined) === (resourceGroup === undefined)) {
    report(
      [...path, "capacityReservationTarget"],
      "needs exactly one of capacityReservationID and capacityReservationResourceGroupARN",
      {
        at: "key",
        reads: [
          [...path, "capacityReservationTarget", "capacityReservationID"],
          [...path, "capacityReservationTarget", "capacityReservationResourceGroupARN"],
        ],
      },
    );
  }
});

const capacityBlock = forEachNodegroup((group, at, report) => {
  if (group.instanceMarketOptions?.marketType !== "capacity-block") return;
  if (group.capacityReservation?.capacityReservationTarget !== undefined) return;
  report(
    [...at, "instanceMarketOptions", "marketType"],
    "a capacity block is bought before: name it in capacityReservation.capacityReservationTarget",
    { reads: [[...at, "capacityReservation"]] },
  );
});

/** EKS: capacity type CAPACITY_BLOCK, and the one instance type in the launch template. */
const managedCapacityBlock = forEachManagedNodegroup((group, at, report) => {
  if (group.instanceMarketOptions?.marketType !== "capacity-block") return;
  if (group.spot === true) {
    report([...at, "spot"], "instances of a capacity block are no Spot instances", { at: "key" });
  }
  if ((group.instanceTypes?.length ?? 0) > 1) {
    report([...at, "instanceTypes"], "a capacity block is of one instance type: name that one", {
      reads: [[...at, "instanceType"]],
    });
  }
});

/** EC2 user guide, "Elastic Fabric Adapter": its traffic stays in one zone, and Windows knows none. */
const fabric = forEachNodegroup((group, at, report) => {
  if (group.efaEnabled !== true) return;
  const named = group.availabilityZones ?? group.subnets ?? [];
  if (named.length > 1) {
    report([...at, "efaEnabled"], "needs all nodes in one zone", {
      at: "key",
      hint: "name one in availabilityZones, as [us-west-2a], or one in subnets; without either one is chosen",
      reads: [
        [...at, "availabilityZones"],
        [...at, "subnets"],
      ],
    });
  }
  if (group.amiFamily?.startsWith("Windows") === true) {
    report([...at, "efaEnabled"], `is not for ${group.amiFamily}: Windows has no Elastic Fabric Adapter`, {
      at: "key",
      reads: [[...at, "amiFamily"]],
    });
  }
});

export const nodeCapacityRules: readonly Rule[] = [reservation, capacityBlock, managedCapacityBlock, fabric];
