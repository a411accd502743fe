import { isDeepStrictEqual } from "node:util";
import { hasOurPath } from "../../aws/names.ts";
import type { AddonAttrs, AddonDeps, AddonSpec } from "./addon.ts";

type Associations = AddonAttrs["podIdentityAssociations"];

/** The role of the add-on's service account (IRSA), given or ours; undefined where none is wanted. */
export function serviceAccountRole(spec: AddonSpec, deps: AddonDeps): string | undefined {
  const [role] = deps.role;
  return role ? role.arn : spec.serviceAccountRoleArn;
}

/** The pod identity associations, by service account; undefined where the file says nothing of them. */
export function podIdentityAssociations(spec: AddonSpec, deps: AddonDeps): Associations | undefined {
  const roles = deps.podIdentityRoles.values();
  const associations = spec.podIdentityAssociations?.map(({ serviceAccount, roleArn }) => ({
    serviceAccount,
    roleArn: roleArn ?? nextRole(roles),
  }));
  return associations && sorted(associations);
}

function nextRole(roles: Iterator<{ readonly arn: string }>): string {
  const { value, done } = roles.next();
  if (done) throw new Error("a pod identity association has neither a role of its own nor one that we make");
  return value.arn;
}

/** The role of the service account, if it is one that we made. */
export function ourServiceAccountRole({ serviceAccountRoleArn: role }: AddonAttrs): string | null {
  return role !== null && hasOurPath(role) ? role : null;
}

/** The associations that we answer for: those of wanted service accounts, and those whose roles we made. */
export function ourAssociations({ podIdentityAssociations: live }: AddonAttrs, want: unknown): Associations {
  const wanted: readonly unknown[] = Array.isArray(want) ? want : [];
  return live.filter(
    (association) => hasOurPath(association.roleArn) || wanted.some((one) => isOfSameAccount(one, association)),
  );
}

function isOfSameAccount(wanted: unknown, { serviceAccount }: Associations[number]): boolean {
  return typeof wanted === "object" && wanted !== null && "serviceAccount" in wanted
    ? wanted.serviceAccount === serviceAccount
    : false;
}

/**
 * The roles that an update has to name. EKS takes away a service account's role that the request does not repeat, and puts
 * the associations of the request in the place of all others; without any in the request it leaves them alone.
 */
export function rolesInUpdate(spec: AddonSpec, deps: AddonDeps, attrs: AddonAttrs) {
  const role = serviceAccountRole(spec, deps);
  const theirs = ourServiceAccountRole(attrs) === null ? attrs.serviceAccountRoleArn : null;
  const wanted = podIdentityAssociations(spec, deps) ?? [];
  const ours = ourAssociations(attrs, wanted);
  const kept = attrs.podIdentityAssociations.filter((association) => !ours.includes(association));
  const associations = sorted([...wanted, ...kept]);
  const isSame = isDeepStrictEqual(associations, attrs.podIdentityAssociations);
  return {
    serviceAccountRoleArn: role ?? theirs ?? undefined,
    podIdentityAssociations: isSame ? undefined : associations.map((association) => ({ ...association })),
  };
}

function sorted(associations: Associations): Associations {
  return associations.toSorted((a, b) => a.serviceAccount.localeCompare(b.serviceAccount));
}
