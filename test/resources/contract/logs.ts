import { TagResourceCommand } from "@aws-sdk/client-cloudwatch-logs";
import { logGroup } from "../../../src/resources/logs/log-group.ts";
import { row } from "./row.ts";

const logGroupRow = row({
  kind: logGroup,
  id: "log-group",
  name: "/aws/eks/demo/cluster",
  spec: { retentionInDays: 30, tags: { Name: "demo", team: "blue" } },
  ground: async () => ({}),
  again: "refused",
  strangers: "shared",
  changes: {
    retention: [{ by: "retention", spec: { retentionInDays: 7 } }],
    tags: [{ by: "tags", spec: { tags: { Name: "renamed" } } }],
  },
  others: {
    async tags({ attrs }, { clients }) {
      await clients.logs.send(new TagResourceCommand({ resourceArn: attrs.arn, tags: { auditor: "ann" } }));
      return "auditor";
    },
  },
});

export const logsRows = [logGroupRow];
