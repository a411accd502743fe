import type { AddonPodIdentityAssociations } from "@aws-sdk/client-eks";
import { parseYaml } from "../../../yaml.ts";
import type { AddonKind } from "./addon-catalogue.ts";
import { addonKind, podIdentityIn, runsOn } from "./addon-kinds.ts";
import { type About, invalidParameter } from "./errors.ts";
import type { Place } from "./place.ts";
import { assumableRole } from "./roles.ts";

/** Throws InvalidParameterException for an add-on that EKS does not offer here. */
export function offeredAddon({ region }: Place, name: string, about: About): AddonKind {
  const kind = addonKind(region, name);
  if (!kind) throw invalidParameter(`Addon ${name} specified is not supported`, about);
  return kind;
}

/** The wanted version, or the default. Throws InvalidParameterException when it does not run on the Kubernetes minor. */
export function addonVersionFor(kind: AddonKind, wanted: string | undefined, minor: string, about: About): string {
  const releases = kind.releases.filter((release) => runsOn(release, minor));
  const release = releases.find((each) =>
    wanted === undefined ? each.defaultFor?.includes(minor) : each.version === wanted,
  );
  if (!release) throw invalidParameter("Addon version specified is not supported", about);
  return release.version;
}

/** Throws InvalidParameterException unless the text is JSON or YAML that fits the add-on's schema. Empty text is no configuration. */
export function checkConfiguration(kind: AddonKind, text: string | undefined, about: About): void {
  if (text === undefined || text.trim() === "") return;
  const result = kind.schema.safeParse(parsed(text, about));
  if (result.success) return;
  const problems = result.error.issues.map(({ path, message }) => `$.${path.join(".")}: ${message}`);
  throw invalidParameter(
    "ConfigurationValue provided in request is not supported: " +
      `Json schema validation failed with error: [${problems.join(", ")}]`,
    about,
  );
}

function parsed(text: string, about: About): unknown {
  try {
    return parseYaml(text).value;
  } catch (error) {
    throw invalidParameter(`ConfigurationValue provided in request is not supported: ${String(error)}`, about);
  }
}

/**
 * Throws InvalidParameterException for versions that take no pod identity, service accounts that the add-on does not have,
 * and roles that they cannot take.
 */
export function checkPodIdentity(
  place: Place,
  kind: AddonKind,
  version: string,
  associations: readonly AddonPodIdentityAssociations[],
  about: About,
): void {
  const supported = podIdentityIn(kind, version);
  if (associations.length > 0 && supported.length === 0) {
    throw invalidParameter(`Pod Identity feature is not supported for addon version: ${version}`, about);
  }
  for (const { serviceAccount, roleArn } of associations) {
    if (supported.every((each) => each.serviceAccount !== serviceAccount)) {
      throw invalidParameter(
        `Service account ${serviceAccount} in pod identity configuration is not supported for addon ${kind.name}`,
        about,
      );
    }
    assumableRole(place, roleArn ?? "", "pods.eks", about);
  }
}
