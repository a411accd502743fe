import type { PolicyDocument, RoleDeps, RoleTrust } from "./role.ts";

/** What a web identity token for AWS is issued to. */
const audience = "sts.amazonaws.com";

/** Who may assume a role, as a policy document with the commercial names of services. */
export function trustDocument(trust: RoleTrust, { oidcProviders, trustAnchors }: RoleDeps): PolicyDocument {
  if (trust.kind === "anywhere") return anywhereDocument(trustAnchors);
  if (trust.kind === "service") {
    const Action = trust.tagSession ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"];
    const Condition =
      trust.sourceArn === undefined ? {} : { Condition: { ArnLike: { "aws:SourceArn": trust.sourceArn } } };
    return document({ Effect: "Allow", Principal: { Service: trust.services }, Action, ...Condition });
  }
  const [provider] = oidcProviders;
  if (!provider) throw new Error("an OIDC trust needs an identity provider");
  const conditions = {
    [`${provider.issuer}:aud`]: audience,
    ...(trust.subject === undefined ? {} : { [`${provider.issuer}:sub`]: trust.subject }),
  };
  return document({
    Effect: "Allow",
    Principal: { Federated: provider.arn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: conditions,
      ...(trust.subjectPattern === undefined
        ? {}
        : { StringLike: { [`${provider.issuer}:sub`]: trust.subjectPattern } }),
    },
  });
}

/** A session is named as its certificate's subject is, so that none goes by another's name (EKS user guide, "Prepare credentials for hybrid nodes"). */
function anywhereDocument([anchor]: RoleDeps["trustAnchors"]): PolicyDocument {
  if (!anchor) throw new Error("a trust in IAM Roles Anywhere needs a trust anchor");
  const one = { Effect: "Allow", Principal: { Service: ["rolesanywhere.amazonaws.com"] } };
  const throughAnchor = { ArnEquals: { "aws:SourceArn": anchor.arn } };
  const named = { StringEquals: { "sts:RoleSessionName": "${aws:PrincipalTag/x509Subject/CN}" } };
  return document(
    { ...one, Action: "sts:AssumeRole", Condition: { ...throughAnchor, ...named } },
    { ...one, Action: ["sts:SetSourceIdentity", "sts:TagSession"], Condition: throughAnchor },
  );
}

function document(...Statement: PolicyDocument["Statement"]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

/** The document with its service principals renamed: to and from the names of a partition. */
export function withServicePrincipals(value: unknown, rename: (service: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withServicePrincipals(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "Service"
        ? [member].flat().map((service) => rename(String(service)))
        : withServicePrincipals(member, rename),
    ]),
  );
}

/** IAM gives documents as URL-encoded JSON. */
export function parsePolicy(encoded: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(encoded ?? "{}")) as unknown;
}

/**
 * One form for documents that mean the same: a list of one is its element, and lists of names are in order. IAM keeps a
 * document as it was written, by whatever tool.
 */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    if (items.length === 1) return items[0];
    return items.every((item) => typeof item === "string") ? items.toSorted() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, canonical(member)]));
}
