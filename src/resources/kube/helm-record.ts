import { gunzipSync } from "node:zlib";
import type { KubernetesObject } from "../../kube/objects.ts";
import { isMapping } from "../../yaml.ts";

/** What Helm remembers of a release, as far as it is compared. */
export interface HelmRecord {
  readonly chartVersion: string;
  /** Helm's word: deployed, failed, pending-install, pending-upgrade, uninstalling ... */
  readonly status: string;
  /** What the user has set, by path: `settings.clusterName`. */
  readonly values: Readonly<Record<string, string>>;
}

/** Helm keeps a secret of this type for each revision of a release; its labels say the name and the revision. */
export const helmSecretType = "helm.sh/release.v1";

/** The newest of a release's secrets. */
export function newest(secrets: readonly KubernetesObject[]): KubernetesObject | undefined {
  const revision = ({ metadata }: KubernetesObject) => Number(metadata.labels?.["version"] ?? 0);
  return secrets.filter(({ type }) => type === helmSecretType).toSorted((a, b) => revision(b) - revision(a))[0];
}

/** Reads a release's secret: JSON, compressed, in base64, in the base64 of every secret. Undefined where it is something else. */
export function recordIn({ data }: KubernetesObject): HelmRecord | undefined {
  const text = isMapping(data) ? data["release"] : undefined;
  if (typeof text !== "string") return undefined;
  try {
    const packed = Buffer.from(Buffer.from(text, "base64").toString(), "base64");
    const { info, chart, config } = JSON.parse(gunzipSync(packed).toString()) as Release;
    return {
      chartVersion: chart?.metadata?.version ?? "",
      status: info?.status ?? "",
      values: Object.fromEntries(leaves(config, [])),
    };
  } catch {
    return undefined;
  }
}

interface Release {
  readonly info?: { readonly status?: string };
  readonly chart?: { readonly metadata?: { readonly version?: string } };
  readonly config?: unknown;
}

/** A path as Helm's `--set` takes it: dots within a key are escaped. */
export function valuePath(keys: readonly string[]): string {
  return keys.map((key) => key.replaceAll(".", String.raw`\.`)).join(".");
}

function leaves(value: unknown, path: readonly string[]): readonly (readonly [string, string])[] {
  if (isMapping(value)) return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
  return path.length === 0 || value === null || value === undefined
    ? []
    : [[valuePath(path), typeof value === "string" ? value : JSON.stringify(value)]];
}
