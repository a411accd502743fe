import { type Json, type JsonObject, isJsonObject } from "./state.ts";

/** Lists whose elements are known by a member, by the list's name: all other lists are taken as a whole. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  volumes: "name",
  env: "name",
  volumeMounts: "mountPath",
  imagePullSecrets: "name",
  secrets: "name",
  conditions: "type",
  taints: "key",
  ownerReferences: "uid",
  webhooks: "name",
};

/** The member that tells the elements of a list apart; undefined for a list that is one value. */
export function mergeKeyOf(name: string, list: readonly Json[]): string | undefined {
  const key = name === "ports" ? portKey(list) : mergeKeys[name];
  return key !== undefined && list.every((element) => isJsonObject(element) && key in element) ? key : undefined;
}

/** Those of a Service have `port`, those of a container `containerPort`. */
function portKey([first]: readonly Json[]): string {
  return isJsonObject(first) && "containerPort" in first ? "containerPort" : "port";
}

export function elementWith(list: readonly Json[], key: string, value: Json | undefined): JsonObject | undefined {
  return list.filter(isJsonObject).find((element) => element[key] === value);
}
