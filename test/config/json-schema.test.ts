import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { withDefaults } from "../../src/config/defaults.ts";
import { jsonSchema } from "../../src/config/json-schema.ts";
import { changeRows, onChange } from "../../src/config/changes.ts";
import { loadClusterConfig } from "../../src/config/load.ts";
import { keys as schemaKeys, reference } from "../../src/config/reference.ts";
import { parseYaml } from "../../src/yaml.ts";
import { provenKeys } from "../operations/change-proofs.ts";
import { clusterFile, exampleNames, exampleText, nodegroupFile } from "./support.ts";

const keys = schemaKeys();

/** The paths of all keys in a value, of the same form. */
function usedKeys(value: unknown, path = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => usedKeys(item, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return [at, ...usedKeys(child, at)];
  });
}

describe("the JSON Schema", () => {
  it("is the one in schemas/ (npm run schema)", () => {
    const written = readFileSync(new URL("../../schemas/clusterconfig.schema.json", import.meta.url), "utf8");
    expect(written).toBe(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  });

  it("describes every key", () => {
    expect(keys.length).toBeGreaterThan(130);
    expect(keys.filter(({ part }) => !part.description).map(({ path }) => path)).toEqual([]);
  });

  it("knows no key that is not supported", () => {
    const paths = keys.map(({ path }) => path);
    for (const path of ["managedNodeGroups[].targetGroupARNs"]) expect(paths).not.toContain(path);
  });

  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(jsonSchema());

  it.each(exampleNames)("accepts %s", (name) => {
    validate(parseYaml(exampleText(name)).value);
    expect(validate.errors).toBeNull();
  });

  it.each([
    ["a misspelt key", clusterFile("managedNodegroups: []")],
    ["a wrong type", nodegroupFile("minSize: two")],
    ["a wrong choice", nodegroupFile("volumeType: gp33")],
    ["a missing key", clusterFile("managedNodeGroups: [{ spot: true }]")],
    ["a repeated item", nodegroupFile("instanceTypes: [m5.large, m5.large]")],
    ["a block without a prefix", clusterFile("vpc: { cidr: 10.0.0.0 }")],
  ])("refuses %s", (_, text) => {
    expect(validate(parseYaml(text).value)).toBe(false);
  });

  it("has the defaults that are filled in", () => {
    const full = withDefaults(loadClusterConfig({ text: nodegroupFile(), name: "x" }).config);
    const filled: Record<string, unknown> = {};
    const collect = (value: unknown, path: string) => {
      if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`);
      else if (typeof value === "object" && value !== null) {
        for (const [key, child] of Object.entries(value)) collect(child, path === "" ? key : `${path}.${key}`);
      } else filled[path] = value;
    };
    collect({ ...full, addons: [] }, "");
    const documented = Object.fromEntries(
      keys
        .filter(({ path, part }) => part.default !== undefined && path in filled)
        .map(({ path, part }) => [path, part.default]),
    );
    expect(Object.keys(documented).length).toBeGreaterThan(15);
    for (const [path, value] of Object.entries(documented)) expect(filled[path], path).toEqual(value);
  });
});

describe("docs/reference.md", () => {
  it("is what the schema says (npm run schema)", () => {
    const written = readFileSync(new URL("../../docs/reference.md", import.meta.url), "utf8");
    expect(written).toBe(reference());
  });

  it("says of every key what an edit does (src/config/changes.ts, and a proof in test/operations/change-proofs.ts)", () => {
    const leaves = keys.filter(({ leaf }) => leaf).map(({ path }) => path);
    expect(leaves.filter((path) => onChange(path) === undefined)).toEqual([]);
    const places = new Set(leaves.flatMap((path) => [path, `${path.slice(0, path.lastIndexOf("."))}.*`]));
    expect(changeRows.filter((path) => !places.has(path))).toEqual([]);
    const edited = new Set(provenKeys.flatMap((path) => [path, `${path.slice(0, path.lastIndexOf("."))}.*`]));
    expect(changeRows.filter((path) => !edited.has(path))).toEqual([]);
  });
});

describe("the examples", () => {
  it("cover every key between them", () => {
    const used = new Set(exampleNames.flatMap((name) => usedKeys(parseYaml(exampleText(name)).value)));
    // What nodegroups of both kinds have is shown once.
    const shown = (path: string) => used.has(path) || used.has(path.replace(/^nodeGroups\[\]/, "managedNodeGroups[]"));
    const missing = keys.map(({ path }) => path).filter((path) => !shown(path));
    expect(missing).toEqual([]);
  });

  it.each(exampleNames)("%s names its schema for editors", (name) => {
    expect(exampleText(name).split("\n")[0]).toBe(
      "# yaml-language-server: $schema=../schemas/clusterconfig.schema.json",
    );
  });

  it("are about clusters of different names", () => {
    const names = exampleNames.map((name) => loadClusterConfig({ text: exampleText(name), name }).config.metadata.name);
    expect(new Set(names).size).toBe(exampleNames.length);
  });
});
