// Writes test/models/cloudformation-resources.json: a JSON Schema of the properties of the resource types that are in our stacks, taken
// from AWS's resource schemas as an npm package brings them. Values may be intrinsic functions anywhere.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const source = "@aws-cdk/aws-service-spec@0.1.216";
const resourceTypes = [
  "AWS::AutoScaling::AutoScalingGroup",
  "AWS::IAM::InstanceProfile",
  "AWS::RolesAnywhere::Profile",
  "AWS::RolesAnywhere::TrustAnchor",
];

process.chdir(new URL("..", import.meta.url).pathname);

const folder = mkdtempSync(join(tmpdir(), "cloudformation-schemas-"));
try {
  execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--silent", source]);
  const { loadAwsServiceSpecSync } = createRequire(join(folder, "package.json"))("@aws-cdk/aws-service-spec");
  const db = loadAwsServiceSpecSync();
  const definitions = {};

  /** CloudFormation takes numbers and truth values as text, and the other way round. */
  const plain = {
    string: { type: ["string", "number", "boolean"] },
    number: { type: ["number", "string"] },
    integer: { type: ["integer", "string"] },
    boolean: { type: ["boolean", "string"] },
    "date-time": { type: "string" },
    json: {},
    tag: {
      type: "object",
      properties: { Key: {}, Value: {} },
      required: ["Key", "Value"],
      additionalProperties: false,
    },
  };
  const ofProperties = (properties) => ({
    type: "object",
    properties: Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, ofType(type)])),
    required: Object.keys(properties).filter((name) => properties[name].required),
    additionalProperties: false,
  });
  const shapeOf = (type) => {
    if (plain[type.type]) return plain[type.type];
    if (type.type === "array") return { type: "array", items: ofType(type.element) };
    if (type.type === "map") return { type: "object", additionalProperties: ofType(type.element) };
    if (type.type === "union") return { anyOf: type.types.map(ofType) };
    if (type.type !== "ref") throw new Error(`a type of property that is not known here: ${type.type}`);
    const { $id, name, properties } = db.get("typeDefinition", type.reference.$ref);
    const key = `${name}-${$id}`;
    if (!definitions[key]) {
      definitions[key] = {};
      definitions[key] = ofProperties(properties);
    }
    return { $ref: `#/definitions/${key}` };
  };
  const ofType = (type) => ({ anyOf: [{ $ref: "#/definitions/Intrinsic" }, shapeOf(type)] });

  definitions.Intrinsic = {
    type: "object",
    minProperties: 1,
    maxProperties: 1,
    patternProperties: { "^(Ref|Fn::.+)$": {} },
    additionalProperties: false,
  };
  const types = Object.fromEntries(
    resourceTypes.map((name) => {
      const [resource] = [...db.lookup("resource", "cloudFormationType", "equals", name)];
      return [name, ofProperties(resource.properties)];
    }),
  );
  const schema = { $comment: source, definitions: { ...definitions, ...types } };
  writeFileSync("test/models/cloudformation-resources.json", `${JSON.stringify(schema, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
