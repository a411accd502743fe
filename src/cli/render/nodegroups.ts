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
      "IMAGE",
      "ASG NAME",
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
      group.instanceTypes.join(",") || "(launch template)",
      ...("version" in group ? [group.version, group.amiType] : ["-", group.imageId ?? "-"]),
      group.autoScalingGroups.join(",") || "-",
      kindOf(group),
    ]),
  );
}

function kindOf(group: AnyNodegroupSummary): string {
  if (!("version" in group)) return "self-managed";
  return group.capacityType === "SPOT" ? "managed, spot" : "managed";
}
