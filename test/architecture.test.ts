import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const src = join(root, "src");

interface Import {
  readonly file: string;
  /** Path below src, or a package's name. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => relative(src, join(entry.parentPath, entry.name)));

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), "utf8");
  const statements = text.matchAll(/^(import|export)\s+(type\s+)?([^;]*?)\s*from\s+"([^"]+)"/gms);
  const dynamic = text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g);
  const resolve = (specifier: string) =>
    specifier.startsWith(".") ? relative(src, join(src, dirname(file), specifier)) : specifier;
  return [
    ...[...statements].map(([, , type, names = "", specifier = ""]) => ({
      file,
      target: resolve(specifier),
      typeOnly: type !== undefined || everyNameIsAType(names),
    })),
    ...[...dynamic].map(([, specifier = ""]) => ({ file, target: resolve(specifier), typeOnly: false })),
  ];
});

function everyNameIsAType(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  if (inner === undefined) return false;
  const list = inner.split(",").map((name) => name.trim());
  return list.filter((name) => name !== "").every((name) => name.startsWith("type "));
}

/** `cli/commands/x.ts` is in the layer `cli`; `clock.ts` is a layer of its own. */
const layerOf = (path: string) => path.split("/")[0] ?? path;

/** What every layer may import. */
const leaves = ["errors.ts", "files.ts", "ipv6.ts", "programs.ts", "text.ts", "variables.ts"];

/** What each layer may import at run time, beside itself and the leaves. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  cli: ["operations", "config", "engine", "clock.ts", "yaml.ts"],
  operations: ["facts", "topology", "resources", "engine", "aws", "kube", "config", "clock.ts", "yaml.ts"],
  facts: [
    "aws",
    "config/given-network.ts",
    "config/endpoint-services.ts",
    "config/instance-profiles.ts",
    "config/instance-selector.ts",
    "config/outposts.ts",
  ],
  config: ["facts/types.ts", "yaml.ts"],
  topology: [
    "config",
    "facts/types.ts",
    "facts/needs.ts",
    "facts/selection.ts",
    "facts/versions.ts",
    "resources",
    "engine",
    "aws/names.ts",
    "aws/eks-durations.ts",
    "aws/eks-versions.ts",
    "aws/partition.ts",
  ],
  resources: ["engine/kind.ts", "aws", "kube", "yaml.ts"],
  aws: ["clock.ts", "kube"],
  kube: ["clock.ts"],
  engine: ["clock.ts"],
  sandbox: ["clock.ts", "yaml.ts"],
  "clock.ts": [],
  "errors.ts": [],
  "files.ts": [],
  "ipv6.ts": [],
  "programs.ts": [],
  "text.ts": [],
  "yaml.ts": ["yaml-syntax.ts"],
  "variables.ts": [],
  "yaml-syntax.ts": [],
};

/** The files of the command line that start and join the sandbox. */
const startsSandbox = /^cli\/(sandbox|commands\/sandbox)/;

/** Which packages belong to which layers; every other package is free for none. */
const packages: Readonly<Record<string, RegExp>> = {
  commander: /^cli\//,
  ora: /^cli\//,
  "fastest-levenshtein": /^config\//,
  yaml: /^(yaml(-syntax)?\.ts|config\/|resources\/local\/)/,
  zod: /^(config|sandbox)\//,
  "@aws-sdk/": /^(aws|resources|sandbox)\/|^facts\/gather(-\w+)?\.ts$|^operations\//,
  "@smithy/": /^(aws|resources|sandbox)\/|^facts\/gather(-\w+)?\.ts$/,
};

const isOurs = (target: string) => files.includes(target);
const describeImport = ({ file, target }: Import) => `${file} -> ${target}`;

describe("architecture", () => {
  it("finds the imports that it judges", () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter((one) => !isOurs(one.target) && one.target.endsWith(".ts")).map(describeImport)).toEqual([]);
  });

  it("imports run one way", () => {
    const wrong = imports.filter(({ file, target, typeOnly }) => {
      if (typeOnly || !isOurs(target)) return false;
      const [from, to] = [layerOf(file), layerOf(target)];
      if (from === to || leaves.includes(target)) return false;
      if (to === "sandbox" && startsSandbox.test(file)) return false;
      return !(mayImport[from] ?? []).some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it("types, too, never come from the command line, and never pass between sandbox and tool", () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!isOurs(target)) return false;
      const [from, to] = [layerOf(file), layerOf(target)];
      if (to === "cli") return from !== "cli";
      if (from === "sandbox") return !["sandbox", "clock.ts", "yaml.ts", ...leaves].includes(to);
      if (to === "sandbox") return !startsSandbox.test(file);
      return from === "engine" && ["aws", "resources"].includes(to);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it("no kind imports another kind's code", () => {
    const kind = /^resources\/(derived|ec2|iam|eks|logs|local)\/[^/]+\.ts$/;
    const helpers = /-(actions|drain|file|aspects?|document|updates)\.ts$/;
    const wrong = imports.filter(
      ({ file, target, typeOnly }) =>
        !typeOnly && kind.test(file) && kind.test(target) && !helpers.test(target) && !helpers.test(file),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it("packages stay in their layers", () => {
    const wrong = imports.filter(({ file, target }) => {
      if (isOurs(target) || target.startsWith("node:") || target.startsWith(".")) return false;
      const rule = Object.entries(packages).find(
        ([name]) => target === name || (name.endsWith("/") && target.startsWith(name)) || target.startsWith(`${name}/`),
      );
      return !rule?.[1].test(file);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  const offending = (pattern: RegExp, allowed: RegExp) =>
    files
      .filter((file) => !allowed.test(file))
      .flatMap((file) =>
        readFileSync(join(src, file), "utf8")
          .split("\n")
          .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
      );

  it("only the command line prints and exits", () => {
    expect(offending(/\bconsole\.|process\.exit\b|process\.std(out|err)\b/, /^cli\//)).toEqual([]);
  });

  it("time passes on the clock only", () => {
    expect(offending(/\bDate\.now\b|\bsetTimeout\b|\bsetInterval\b/, /^(clock\.ts|cli\/|sandbox\/)/)).toEqual([]);
  });

  it("no partition is written out", () => {
    expect(offending(/arn:aws:/, /^sandbox\//)).toEqual([]);
  });

  it("no rule is switched off and no type is any", () => {
    expect(
      offending(/@ts-ignore|@ts-expect-error|oxlint-disable|eslint-disable|\bas any\b|[:<] any[,;>)\]=]/, /^$/),
    ).toEqual([]);
  });
});

it("every runtime dependency is justified in docs/dependencies.md, and nothing else", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const rows = readFileSync(join(root, "docs/dependencies.md"), "utf8").matchAll(/^\| (`.*?) *\| *\S/gm);
  const listed = [...rows].flatMap(([, names = ""]) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(listed.toSorted()).toEqual(Object.keys(dependencies).toSorted());
});

describe("the lockfile", () => {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }>;
  };

  it.each(["@smithy/core", "@aws-sdk/core", "@aws-sdk/xml-builder"])("holds one %s", (name) => {
    const installed = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
    expect(installed.map(([path]) => path)).toEqual([`node_modules/${name}`]);
  });

  it("holds the builds for every platform, as `npm ci` demands", () => {
    const wanted = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    const held = Object.keys(lock.packages);
    expect(wanted.filter((name) => !held.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
  });

  it("names no registry", () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
  });

  it("every dependency has an exact version", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    const versions = Object.values({ ...manifest["dependencies"], ...manifest["devDependencies"] });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
