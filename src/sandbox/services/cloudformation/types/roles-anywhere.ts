import { rolesAnywhereOf } from "../../rolesanywhere/place.ts";
import type { AnywhereRecord } from "../../rolesanywhere/state.ts";
import type { Ask } from "../asking.ts";
import type { Place } from "../place.ts";
import type { JsonObject } from "../state.ts";
import { plainText } from "../text.ts";
import type { Changing, ResourceType } from "./type.ts";

const service = "rolesanywhere";

interface Type extends Pick<ResourceType, "properties" | "required"> {
  /** What its requests are about: CreateTrustAnchor. */
  readonly operand: "TrustAnchor" | "Profile";
  /** Members of requests, beside the name. */
  settings(properties: JsonObject): object;
  /** What its handler asks of other services before. */
  look?(properties: JsonObject, ask: Ask): void;
  find(place: Place, id: string): AnywhereRecord | undefined;
}

/** Either type: their handlers do the same. */
function anywhereType({ operand, properties, required, settings, look, find }: Type): ResourceType {
  const request = (wanted: JsonObject) => ({ name: plainText(wanted["Name"]), ...settings(wanted) });
  return {
    properties: { Enabled: "boolean", Name: "string", ...properties },
    required: ["Name", ...required],
    createOnly: [],
    durations: { create: "stackResource", update: "stackResource", delete: "stackResource" },
    create({ ask, properties: wanted, tags, name }) {
      look?.(wanted, ask);
      const enabled = isTrue(wanted, "Enabled");
      const { id = name } = ask(service, `Create${operand}`, { ...request(wanted), enabled, tags: { ...tags } }) as {
        readonly id?: string;
      };
      ask(service, `Get${operand}`, { id });
      ask(service, "ListTagsForResource", { id });
      return id;
    },
    update(changing) {
      const { ask, physicalId: id, properties: wanted } = changing;
      look?.(wanted, ask);
      ask(service, `Update${operand}`, { id, ...request(wanted) });
      retag(changing);
      ask(service, `Get${operand}`, { id });
      ask(service, "ListTagsForResource", { id });
    },
    delete(id, ask) {
      ask(service, `Delete${operand}`, { id });
    },
    attribute(physicalId, name, place) {
      const record = find(place, physicalId);
      return { [`${operand}Arn`]: record?.arn, [`${operand}Id`]: record?.id }[name];
    },
    mark(physicalId, tags, place) {
      Object.assign(find(place, physicalId)?.tags ?? {}, tags);
    },
  };
}

function isTrue(properties: JsonObject, name: string): boolean {
  return plainText(properties[name]) === "true";
}

/** Stack tags are the resource's. */
function retag({ ask, physicalId: id, tags, tagsBefore }: Changing): void {
  const set = Object.entries(tags).filter(([key, value]) => tagsBefore[key] !== value);
  const tagKeys = Object.keys(tagsBefore).filter((key) => !Object.hasOwn(tags, key));
  if (set.length > 0) ask(service, "TagResource", { id, tags: Object.fromEntries(set) });
  if (tagKeys.length > 0) ask(service, "UntagResource", { id, tagKeys });
}

/** AWS::RolesAnywhere::TrustAnchor. */
export const trustAnchorType = anywhereType({
  operand: "TrustAnchor",
  properties: { Source: "object" },
  required: ["Source"],
  settings({ Source }) {
    const { SourceData } = Source as JsonObject;
    return { certificates: plainText((SourceData as JsonObject)["X509CertificateData"]) };
  },
  find: (place, id) => rolesAnywhereOf(place).trustAnchors[id],
});

/** AWS::RolesAnywhere::Profile. */
export const profileType = anywhereType({
  operand: "Profile",
  properties: { AcceptRoleSessionName: "boolean", RoleArns: "array" },
  required: ["RoleArns"],
  settings: (properties) => ({
    roleArns: properties["RoleArns"],
    acceptRoleSessionName: isTrue(properties, "AcceptRoleSessionName"),
  }),
  look(properties, ask) {
    for (const arn of properties["RoleArns"] as string[]) {
      ask("iam", "GetRole", { RoleName: arn.slice(arn.lastIndexOf("/") + 1) });
    }
  },
  find: (place, id) => rolesAnywhereOf(place).profiles[id],
});
