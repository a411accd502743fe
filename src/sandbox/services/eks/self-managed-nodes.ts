import { objectsOver } from "../../kubernetes/objects.ts";
import { mappedUser } from "../../kubernetes/users.ts";
import { roleByArn } from "../iam/internal.ts";
import type { InstanceRecord } from "../ec2/state.ts";
import { enterProblem } from "./node-joining.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord } from "./state.ts";

/** After the launch of an instance, in milliseconds. */
const joinsAfter = 30_000;

/** Instances that nobody manages and that have joined the cluster, by what their user data says. */
export function selfManagedNodes(place: Place, cluster: ClusterRecord): InstanceRecord[] {
  const { world, region } = place;
  return Object.values(world.region(region).ec2.instances).filter(
    (instance) =>
      instance.state === "running" &&
      world.now() >= instance.launchedAt + joinsAfter &&
      isMeantFor(cluster, instance) &&
      isLetIn(place, cluster, instance),
  );
}

function isMeantFor({ id }: ClusterRecord, instance: InstanceRecord): boolean {
  return textOf(instance).toLowerCase().includes(id.toLowerCase());
}

function textOf({ userData = "" }: InstanceRecord): string {
  return Buffer.from(userData, "base64").toString("utf8");
}

function isLetIn(place: Place, cluster: ClusterRecord, instance: InstanceRecord): boolean {
  const { instanceProfiles, roles } = place.world.state.iam;
  const profile = Object.values(instanceProfiles).find(({ arn }) => arn === instance.profileArn);
  const role = roles[profile?.roleName ?? ""];
  if (!role || !roleByArn(place.world, role.arn)) return false;
  const amiType = isWindows(instance) ? "WINDOWS_CORE_2022_x86_64" : "AL2023_x86_64_STANDARD";
  const node = { nodeRole: role.arn, amiType, subnets: [instance.SubnetId] } as const;
  const isMapped = cluster.authenticationMode !== "API" && isNodeInAwsAuth(place, cluster, role.arn);
  return enterProblem(place, cluster, { ...node, subnets: [...node.subnets] }, isMapped) === undefined;
}

/** By the role's ARN without its path: as the authenticator makes it out of a session's. */
function isNodeInAwsAuth({ world, region }: Place, { id }: ClusterRecord, roleArn: string): boolean {
  const store = world.region(region).kubernetes[id];
  if (store === undefined) return false;
  const user = mappedUser(objectsOver(store, world.now()), roleArn.replace(/:role\/.*\//, ":role/"));
  return user?.groups.includes("system:nodes") ?? false;
}

export function isWindows(instance: InstanceRecord): boolean {
  return textOf(instance).includes("<powershell>");
}

/** What a kubelet was told to register its node with. */
export function registeredWith(instance: InstanceRecord): {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: { key: string; value: string; effect: string }[];
} {
  const text = textOf(instance);
  const flag = (name: string) => new RegExp(`--${name}=([^"'\\s]*)`).exec(text)?.[1]?.split(",") ?? [];
  const section = (name: string) => new RegExp(`\\.${name}\\]\\n([^[]*)`).exec(text)?.[1]?.split("\n") ?? [];
  const labels = [
    ...flag("node-labels").map((label) => label.split("=")),
    ...section("node-labels").map((line) => line.split(" = ").map((side) => side.replaceAll('"', ""))),
  ];
  const taints = flag("register-with-taints").flatMap((taint) => {
    const [, key = "", value = "", effect = ""] = /^([^=]*)=([^:]*):(.*)$/.exec(taint) ?? [];
    return key === "" ? [] : [{ key, value, effect }];
  });
  const named = labels.flatMap(([key = "", value = ""]) => (key === "" ? [] : [[key, value] as const]));
  return { labels: Object.fromEntries(named), taints };
}
