import { withDefaults } from "../config/defaults.ts";
import { nodegroupNames } from "../config/nodegroup-names.ts";
import type { ClusterConfig } from "../config/types.ts";
import { InputError } from "../errors.ts";
import { assumedFacts } from "../facts/assumed.ts";
import { needsOf } from "../facts/needs.ts";
import { buildTopology } from "../topology/index.ts";
import { withKeyFiles } from "./key-files.ts";

/**
 * The user data of a nodegroup's nodes, as a file means it. AWS is not asked: what it makes up stands in braces, as
 * `{{cluster.endpoint}}`. Undefined where the file has nothing to say to them: EKS then tells them all.
 *
 * @throws InputError for a nodegroup that the file does not have, and for one whose launch template is kept elsewhere.
 */
export function userDataOf(file: ClusterConfig, nodegroup: string): string | undefined {
  const config = withKeyFiles(file);
  const names = nodegroupNames(config);
  if (!names.includes(nodegroup)) {
    throw new InputError(`the file has no nodegroup ${nodegroup}`, {
      hint: names.length === 0 ? "it has none" : `choose from ${names.join(", ")}`,
    });
  }
  const full = withDefaults(config);
  const graph = buildTopology(config, assumedFacts(full, needsOf(full), "000000000000"));
  const template = graph.nodes.get(`launch-template/${nodegroup}`);
  if (template?.source !== "managed") {
    throw new InputError(`the user data of ${nodegroup} is in its launch template, which the file only names`);
  }
  const text: unknown = Reflect.get(template.initially, "userData");
  return typeof text === "string" ? text : undefined;
}
