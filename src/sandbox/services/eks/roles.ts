import { roleByArn, type RoleSeen } from "../iam/internal.ts";
import { type About, invalidParameter } from "./errors.ts";
import { dnsSuffixOf, type Place } from "./place.ts";

/**
 * The role that a service assumes. Throws InvalidParameterException when it does not exist, does not trust the service,
 * or is so new that it is not known everywhere: EKS answers all three alike.
 */
export function assumableRole(place: Place, arn: string, service: string, about: About): RoleSeen {
  const role = knownRole(place, arn);
  if (role && trusts(place, role, service)) return role;
  throw notAssumable(arn, about);
}

/** The role of a service account, which trusts an OIDC provider. Throws InvalidParameterException when it is not known. */
export function serviceAccountRole(place: Place, arn: string, about: About): RoleSeen {
  const role = knownRole(place, arn);
  if (role) return role;
  throw notAssumable(arn, about);
}

/** Throws InvalidParameterException when nodes cannot have the role. */
export function nodeRole(place: Place, arn: string, about: About): RoleSeen {
  const role = knownRole(place, arn);
  if (!role) throw notAssumable(arn, about);
  if (trusts(place, role, "ec2")) return role;
  throw invalidParameter(
    `Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${arn}`,
    about,
  );
}

/** Undefined as long as IAM has not told everyone about it. */
export function knownRole({ world }: Place, arn: string): RoleSeen | undefined {
  const role = roleByArn(world, arn);
  return role && role.usableAt <= world.now() ? role : undefined;
}

/** Whether its trust policy names the service. */
export function trusts({ region }: Place, role: RoleSeen, service: string): boolean {
  return [`${service}.amazonaws.com`, `${service}.${dnsSuffixOf(region)}`].some((name) =>
    role.trustServices.includes(name),
  );
}

function notAssumable(arn: string, about: About) {
  return invalidParameter(
    `Role with arn: ${arn}, could not be assumed because it does not exist or the trusted entity is not correct`,
    about,
  );
}
