import { X509Certificate } from "node:crypto";
import type { Call } from "../../service.ts";
import { ensureServiceLinkedRole } from "../iam/internal.ts";
import { existing, type Made, type Named, named, recordOf, rolesAnywhereOf, validationError } from "./place.ts";
import type { TrustAnchorRecord } from "./state.ts";

interface Settings {
  readonly name: string;
  /** PEM. */
  readonly certificates: string;
}
interface Making extends Settings {
  readonly enabled: boolean;
  readonly tags: Record<string, string>;
}

/** IAM Roles Anywhere quotas. */
const mostCertificates = 2;

export const trustAnchorHandlers = {
  /** IAM Roles Anywhere user guide, "Using service-linked roles": the role is made with the first trust anchor. */
  CreateTrustAnchor(input: Making, call: Call): Made {
    ensureServiceLinkedRole(call.world, "rolesanywhere.amazonaws.com");
    const record = { ...recordOf(call, "trust-anchor", input), certificates: certificatesIn(input) };
    rolesAnywhereOf(call).trustAnchors[record.id] = record;
    return record;
  },
  GetTrustAnchor: ({ id }: Named, call: Call) => anchor(id, call),
  UpdateTrustAnchor({ id, ...settings }: Settings & Named, call: Call) {
    Object.assign(anchor(id, call), named(settings.name), { certificates: certificatesIn(settings) });
  },
  DeleteTrustAnchor({ id }: Named, call: Call) {
    delete rolesAnywhereOf(call).trustAnchors[anchor(id, call).id];
  },
};

function anchor(id: string, call: Call): TrustAnchorRecord {
  return existing(rolesAnywhereOf(call).trustAnchors, id, "Trust anchor");
}

function certificatesIn({ certificates: bundle }: Settings): string {
  const certificates = bundle.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  if (certificates.length === 0 || certificates.length > mostCertificates) {
    throw validationError(`The bundle holds ${certificates.length} certificates`);
  }
  for (const pem of certificates) {
    if (!parsed(pem).ca) throw validationError("Incorrect basic constraints for CA certificate");
  }
  return bundle;
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw validationError("Unable to parse certificate");
  }
}
