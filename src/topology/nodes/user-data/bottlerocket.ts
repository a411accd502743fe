import { bootPlaceholders } from "../../../resources/ec2/launch-template-boot-document.ts";
import type { Boot } from "./boot.ts";
import { toml } from "./toml.ts";

/** Bottlerocket's settings, which are all that it is told; EKS adds its own where it manages the image. */
export function bottlerocketUserData(boot: Boot): string | undefined {
  const own = {
    kubernetes: { ...cluster(boot), ...(boot.maxPodsPerNode ? { "max-pods": boot.maxPodsPerNode } : {}) },
    ...(boot.adminContainer === undefined ? {} : { "host-containers": { admin: { enabled: boot.adminContainer } } }),
  };
  const settings = joined(boot.settings ?? {}, own);
  return isEmpty(settings) ? undefined : toml({ settings });
}

function cluster({ joins, cluster: name, kubelet = {} }: Boot): object {
  if (!joins) return {};
  const { labels, taints = [], clusterDNS = bootPlaceholders.dns } = kubelet;
  const byKey: Record<string, string[]> = {};
  for (const { key, value = "", effect } of taints) (byKey[key] ??= []).push(`${value}:${effect}`);
  return {
    "cluster-name": name,
    "api-server": bootPlaceholders.endpoint,
    "cluster-certificate": bootPlaceholders.certificateAuthority,
    "cluster-dns-ip": clusterDNS,
    ...(labels === undefined ? {} : { "node-labels": labels }),
    ...(taints.length === 0 ? {} : { "node-taints": byKey }),
  };
}

type Table = Readonly<Record<string, unknown>>;

/** Both, the second over the first, table by table. */
function joined(first: Table, second: Table): Table {
  const result: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = result[key];
    result[key] = isTable(before) && isTable(value) ? joined(before, value) : value;
  }
  return result;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nothing in it but empty tables. */
function isEmpty(table: Table): boolean {
  return Object.values(table).every((value) => isTable(value) && isEmpty(value));
}
