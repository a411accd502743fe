// The main job in the sandbox: creates the cluster of examples/quickstart.yaml in an AWS on loopback, about thirty times
// faster than life. Touches nothing outside .ekstool-sandbox/: the kubeconfig is written there too.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const sandbox = join(root, ".ekstool-sandbox");
const account = join(sandbox, "demo");
const kubeconfig = join(sandbox, "kubeconfig");

function ekstool(...args) {
  console.error(`\n$ ekstool ${args.join(" ").replaceAll(root, "")}`);
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const { status } = spawnSync(process.execPath, [join(root, "bin/ekstool.js"), ...args], { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}

ekstool("sandbox", "reset", `--sandbox=${account}`, "--yes");
rmSync(kubeconfig, { force: true });
mkdirSync(sandbox, { recursive: true });
ekstool(
  "create",
  "cluster",
  "-f",
  join(root, "examples/quickstart.yaml"),
  `--sandbox=${account}`,
  "--sandbox-speed=30",
);
ekstool("get", "nodegroup", "--cluster=quickstart", "--region=us-west-2", `--sandbox=${account}`);
console.error(`
That was an AWS account in ${account.replace(root, "")}, run by ekstool itself. Try in it:
  node bin/ekstool.js plan -f examples/quickstart.yaml --sandbox=.ekstool-sandbox/demo
  node bin/ekstool.js delete cluster --name=quickstart --region=us-west-2 --sandbox=.ekstool-sandbox/demo`);
