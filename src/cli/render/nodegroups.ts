import type { AnyNodegroupSummary } from "../../operations/outputs.ts";
import { renderTable } from "./table.ts";

/** eksctl's columns, as far as they mean something here. */
export function nodegroupTable(nodegroups: readonly AnyNodegroupSummary[]): readonly string[] {
  if (nodegroups.length === 0) return ["No nodegroups found"];
  return renderTable(
    [
      "CLUSTER",
      "NODEGROUP",
      "STATUS",
      "CREATED",
      "MIN SIZE",
      "MAX SIZE",
      "DESIRED CAPACITY",
      "INSTANCE TYPE",
      "VERSION",
      "TYPE",
    ],
    nodegroups.map((group) => [
      group.cluster,
      group.name,
      group.status,
      group.createdAt,
      String(group.minSize),
      String(group.maxSize),
      String(group.desiredCapacity),
      ...("version" in group
        ? [
            group.instanceTypes.join(",") || "(launch template)",
            group.version,
            group.capacityType === "SPOT" ? "managed, spot" : "managed",
          ]
        : ["(launch template)", "-", "self-managed"]),
    ]),
  );
}
