import type { ResourceType } from "./resource-types.ts";
import { apiVersionOf } from "./resource-types.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** What the API says about itself; undefined for what is no path of that. */
export function discovery(
  path: string,
  types: readonly ResourceType[],
  kubernetes: { readonly version: string },
): object | undefined {
  const [root, group = "", version, more] = path.replace(/\/$/, "").split("/").slice(1);
  if (path === "/version" || path === "/version/") return versionInfo(kubernetes.version);
  if (path === "/openapi/v3") return openApiIndex(types);
  if (path.startsWith("/openapi/v3/")) return openApi(path.slice("/openapi/v3/".length), types);
  if (root === "api") {
    if (group === "") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
    return version === undefined ? resourceList(types, "", group) : undefined;
  }
  if (root !== "apis" || more !== undefined) return undefined;
  const groups = apiGroups(types);
  if (group === "") return { kind: "APIGroupList", apiVersion: "v1", groups };
  if (version !== undefined) return resourceList(types, group, version);
  const one = groups.find(({ name }) => name === group);
  return one && { kind: "APIGroup", apiVersion: "v1", ...one };
}

function versionInfo(version: string) {
  const [major, minor] = version.split(".");
  return { major, minor, gitVersion: `v${version}.0-eks-sandbox`, platform: "linux/amd64" };
}

function apiGroups(types: readonly ResourceType[]) {
  const names = [...new Set(types.map(({ group }) => group))].filter((group) => group !== "");
  return names.map((name) => {
    const own = new Set(types.filter(({ group }) => group === name).map(({ version }) => version));
    const versions = [...own].map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] };
  });
}

function resourceList(types: readonly ResourceType[], group: string, version: string): object | undefined {
  const own = types.filter((type) => type.group === group && type.version === version);
  if (own.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group, version }),
    resources: own.flatMap(({ resource: name, singular, kind, namespaced, shortNames, subresources }) => [
      {
        name,
        singularName: singular,
        namespaced,
        kind,
        verbs,
        ...(shortNames.length > 0 && { shortNames }),
      },
      ...subresources.map((subresource) => subresourceEntry(name, subresource, kind, namespaced)),
    ]),
  };
}

function subresourceEntry(resource: string, subresource: string, kind: string, namespaced: boolean) {
  const name = `${resource}/${subresource}`;
  if (subresource === "scale") {
    const verbs = ["get", "patch", "update"];
    return { name, singularName: "", namespaced, group: "autoscaling", version: "v1", kind: "Scale", verbs };
  }
  if (subresource !== "eviction")
    return { name, singularName: "", namespaced, kind, verbs: ["get", "patch", "update"] };
  return { name, singularName: "", namespaced, group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] };
}

function groupVersionPath({ group, version }: ResourceType): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

function openApiIndex(types: readonly ResourceType[]) {
  const paths = [...new Set(types.map(groupVersionPath))];
  const entry = (path: string) => [path, { serverRelativeURL: `/openapi/v3/${path}` }] as const;
  return { paths: Object.fromEntries(paths.map(entry)) };
}

/** Nothing but that the API checks fields itself, which is what kubectl looks for. */
function openApi(groupVersion: string, types: readonly ResourceType[]): object | undefined {
  const own = types.filter((type) => groupVersionPath(type) === groupVersion);
  if (own.length === 0) return undefined;
  const parameters = [{ name: "fieldValidation", in: "query", schema: { type: "string", uniqueItems: true } }];
  const path = ({ group, version, kind, resource, namespaced }: ResourceType) => [
    `/${groupVersion}/${namespaced ? "namespaces/{namespace}/" : ""}${resource}/{name}`,
    {
      patch: {
        parameters,
        responses: {},
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": { group, version, kind },
      },
    },
  ];
  const info = { title: "Kubernetes", version: "sandbox" };
  return { openapi: "3.0.0", info, paths: Object.fromEntries(own.map(path)), components: { schemas: {} } };
}
