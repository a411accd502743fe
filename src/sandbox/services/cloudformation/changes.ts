import type { Change, ResourceChangeDetail } from "@aws-sdk/client-cloudformation";
import { isDeepStrictEqual } from "node:util";
import { resolveObject } from "./intrinsics.ts";
import type { Place } from "./place.ts";
import { activeResources, scopeOf } from "./scope.ts";
import type { JsonObject, ResourceRecord, Source, StackRecord } from "./state.ts";
import { parseTemplate, type ResourceDeclaration } from "./template.ts";
import { resourceTypes } from "./types/index.ts";

export interface Difference {
  readonly properties: readonly string[];
  readonly tags: boolean;
  readonly replaces: boolean;
}

/** What is to be changed of a resource; undefined: nothing. */
export function differenceOf(
  record: ResourceRecord,
  wanted: { readonly properties: JsonObject; readonly declared: ResourceDeclaration },
  tagsDiffer: boolean,
): Difference | undefined {
  const { properties, declared } = wanted;
  const names = new Set([...Object.keys(record.properties), ...Object.keys(properties)]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(record.properties[name], properties[name]));
  const type = resourceTypes[declared.Type];
  const tags = tagsDiffer && (type?.mark !== undefined || declared.Type === "AWS::IAM::Role");
  if (changed.length === 0 && !tags) return undefined;
  return {
    properties: changed.toSorted(),
    tags,
    replaces: record.type !== declared.Type || changed.some((name) => type?.createOnly.includes(name)),
  };
}

/** What a source would change of a stack, as a change set lists it. */
export function changesBy(place: Place, stack: StackRecord, source: Source): Change[] {
  const template = parseTemplate(source.template);
  const scope = scopeOf(place, stack, template, source, stack.resources);
  const active = activeResources(template, scope);
  const tagsDiffer = !isDeepStrictEqual(stack.source.tags, source.tags);
  const there = stack.status === "REVIEW_IN_PROGRESS" ? {} : stack.resources;
  const wanted = active.flatMap((id): Change[] => {
    const declared = template.resources[id];
    const record = there[id];
    if (!declared) return [];
    if (!record) return [change("Add", id, declared.Type)];
    const properties = resolveObject(declared.Properties, scope);
    const difference = differenceOf(record, { properties, declared }, tagsDiffer);
    if (!difference) return [];
    const details: ResourceChangeDetail[] = [
      ...difference.properties.map((Name) => ({
        Target: {
          Attribute: "Properties" as const,
          Name,
          RequiresRecreation: resourceTypes[declared.Type]?.createOnly.includes(Name)
            ? ("Always" as const)
            : ("Never" as const),
        },
        Evaluation: "Static" as const,
        ChangeSource: "DirectModification" as const,
      })),
      ...(difference.tags
        ? [
            {
              Target: { Attribute: "Tags" as const, RequiresRecreation: "Never" as const },
              Evaluation: "Static" as const,
            },
          ]
        : []),
    ];
    return [
      {
        Type: "Resource",
        ResourceChange: {
          Action: "Modify",
          LogicalResourceId: id,
          PhysicalResourceId: record.physicalId,
          ResourceType: declared.Type,
          Replacement: difference.replaces ? "True" : "False",
          Scope: [
            ...(difference.properties.length > 0 ? ["Properties" as const] : []),
            ...(difference.tags ? ["Tags" as const] : []),
          ],
          Details: details,
        },
      },
    ];
  });
  const gone = Object.values(there)
    .filter(({ logicalId }) => !active.includes(logicalId))
    .map((record) => change("Remove", record.logicalId, record.type, record.physicalId));
  return [...wanted, ...gone];
}

function change(
  Action: "Add" | "Remove",
  LogicalResourceId: string,
  ResourceType: string,
  physicalId?: string,
): Change {
  return {
    Type: "Resource",
    ResourceChange: {
      Action,
      LogicalResourceId,
      ResourceType,
      ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
      Scope: [],
      Details: [],
    },
  };
}
