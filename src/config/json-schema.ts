import * as z from "zod";
import { clusterConfig } from "./schema/cluster-config.ts";

/**
 * The JSON Schema (draft 2020-12) of the file format, for editors: `# yaml-language-server: $schema=...`. Keys that are
 * not supported are absent from it.
 */
export function jsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(clusterConfig, {
    override: ({ jsonSchema: part }) => {
      // zod gives every mapping a schema for its keys; one that allows any text says nothing.
      if (JSON.stringify(part.propertyNames) === '{"type":"string"}') delete part.propertyNames;
    },
  });
  return {
    $schema,
    $id: "https://ekstool.dev/schemas/clusterconfig.schema.json",
    title: "ClusterConfig",
    description: "An Amazon EKS cluster, its network, access, add-ons and nodegroups (eksctl.io/v1alpha5).",
    ...schema,
  };
}
