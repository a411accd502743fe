import { X509Certificate } from "node:crypto";
import type { Flaw } from "./problems.ts";

/** IAM Roles Anywhere: quotas, and AWS::RolesAnywhere::TrustAnchor. */
const mostCertificates = 2;
const mostCharacters = 8000;

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** The certificates in a text, each as PEM; what tools write beside them is left out. */
export function certificatesIn(text: string): readonly string[] {
  return [...text.matchAll(pemBlock)].filter(([, label]) => label === "CERTIFICATE").map(([block]) => block);
}

/** What keeps a text from being the certificates of an authority that AWS trusts; undefined: nothing. */
export function authorityProblem(text: string): Flaw | undefined {
  const other = [...text.matchAll(pemBlock)].find(([, label]) => label !== "CERTIFICATE");
  if (other) return { message: `holds a ${other[1]}: only certificates belong here` };
  const certificates = certificatesIn(text);
  if (certificates.length === 0) {
    return {
      message: "holds no certificate in PEM",
      hint: "write it with its lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----",
    };
  }
  if (certificates.length > mostCertificates) {
    return { message: `holds ${certificates.length} certificates; AWS takes ${mostCertificates}` };
  }
  const { length } = certificates.join("\n");
  if (length > mostCharacters) return { message: `is ${length} characters long; AWS takes ${mostCharacters}` };
  for (const [index, pem] of certificates.entries()) {
    const certificate = parsed(pem);
    if (certificate === undefined) return { message: `certificate ${index + 1} cannot be read` };
    if (!certificate.ca) {
      return {
        message: `certificate ${index + 1} (${subjectOf(certificate)}) is none of an authority: its basic constraints do not say so`,
      };
    }
  }
  return undefined;
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** The authorities whose certificates these are, each with the day until which it is one: `CN=Example CA until 2056-01-01`. */
export function validities(text: string): readonly string[] {
  return certificatesIn(text).map((pem) => {
    const certificate = new X509Certificate(pem);
    return `${subjectOf(certificate)} until ${new Date(certificate.validTo).toISOString().slice(0, 10)}`;
  });
}

function subjectOf({ subject }: X509Certificate): string {
  return subject.split("\n").join(", ");
}
