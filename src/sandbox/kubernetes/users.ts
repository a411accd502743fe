import { parseYaml } from "../../yaml.ts";
import { roleByArn } from "../services/iam/internal.ts";
import type { AccessEntryRecord } from "../services/eks/state.ts";
import type { Objects } from "./objects.ts";
import type { ClusterPlace } from "./place.ts";
import { configMaps } from "./types.ts";

/** Who a caller of AWS is to Kubernetes. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  /** Access policies, each with the namespaces that it is for; undefined: all, and what is in none. */
  readonly policies: readonly { readonly name: string; readonly namespaces: readonly string[] | undefined }[];
}

/**
 * By access entries, then by the aws-auth ConfigMap, as the authentication mode has it. Undefined: a stranger.
 *
 * @param arn of a user, or of a role's session.
 */
export function userOf(place: ClusterPlace, objects: Objects, arn: string): User | undefined {
  const { cluster } = place;
  const mode = cluster.authenticationMode;
  const entry = mode === "CONFIG_MAP" ? undefined : entryFor(place, arn);
  if (entry) return userWith(entry, arn);
  if (mode === "API") return undefined;
  if (arn === cluster.creator && mode === "CONFIG_MAP") {
    return { name: "kubernetes-admin", groups: ["system:masters"], policies: [] };
  }
  return mappedUser(objects, arn);
}

function entryFor({ world, cluster }: ClusterPlace, arn: string): AccessEntryRecord | undefined {
  return Object.values(cluster.accessEntries).find(({ principalArn, principalId }) => {
    if (!isSame(principalArn, arn)) return false;
    return principalId === null || roleByArn(world, principalArn)?.id === principalId;
  });
}

/** Whether a session is one of the role, which it names without its path. */
function isSame(principalArn: string, arn: string): boolean {
  const [, , , , account, session = ""] = arn.split(":");
  const [type, role] = session.split("/");
  if (type !== "assumed-role") return principalArn === arn;
  const [, , , , principalAccount, principal = ""] = principalArn.split(":");
  return principalAccount === account && principal.startsWith("role/") && principal.split("/").at(-1) === role;
}

function userWith({ username, kubernetesGroups, policies }: AccessEntryRecord, arn: string): User {
  return {
    name: username.replace("{{SessionName}}", arn.split("/").at(-1) ?? ""),
    groups: kubernetesGroups,
    policies: policies.map(({ policyArn, accessScope }) => ({
      name: policyArn.split("/").at(-1) ?? "",
      namespaces: accessScope.type === "namespace" ? (accessScope.namespaces ?? []) : undefined,
    })),
  };
}

interface Mapping {
  readonly rolearn?: string;
  readonly userarn?: string;
  readonly username?: string;
  readonly groups?: readonly string[];
}

/** Who the aws-auth ConfigMap says that somebody is. */
export function mappedUser(objects: Objects, arn: string): User | undefined {
  const data = (objects.get(configMaps, "aws-auth", "kube-system")?.["data"] ?? {}) as Readonly<Record<string, string>>;
  const mappings = [data["mapRoles"], data["mapUsers"]].flatMap((text) => mappingsIn(text ?? "[]"));
  const found = mappings.find(({ rolearn, userarn }) => isSame(rolearn ?? userarn ?? "", arn));
  return found && { name: found.username ?? arn, groups: found.groups ?? [], policies: [] };
}

/** A map that cannot be read lets nobody in. */
function mappingsIn(text: string): readonly Mapping[] {
  try {
    const { value } = parseYaml(text);
    return Array.isArray(value) ? (value as readonly Mapping[]) : [];
  } catch {
    return [];
  }
}
