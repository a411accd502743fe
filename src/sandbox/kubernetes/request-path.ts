/** Where a request goes to: below `/api/v1` or `/apis/<group>/<version>`. */
export interface RequestPath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Undefined for what is no path of objects. */
export function parseRequestPath(path: string): RequestPath | undefined {
  const [root, ...rest] = path.split("/").slice(1).map(decodeURIComponent);
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "api" ? "" : rest.shift();
  const [version, ...parts] = rest;
  if (group === undefined || version === undefined || parts.length === 0) return undefined;
  const inNamespace = parts[0] === "namespaces" && parts.length > 2 && !isNamespaceSubresource(parts);
  const namespace = inNamespace ? parts[1] : undefined;
  const [resource, name, subresource] = inNamespace ? parts.slice(2) : parts;
  if (resource === undefined || resource === "") return undefined;
  return {
    group,
    version,
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

function isNamespaceSubresource(parts: readonly string[]): boolean {
  return parts.length === 3 && (parts[2] === "status" || parts[2] === "finalize");
}
