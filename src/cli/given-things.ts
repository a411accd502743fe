import type { ClusterConfig } from "../config/types.ts";
import { type GivenThings, givenThings } from "../operations/given-things.ts";
import type { Connection } from "../operations/session.ts";
import { jsonText } from "../text.ts";
import type { Call } from "./call.ts";

/** Lets a sandbox hold what a config takes as given, as an account would in which it works, and says what that was. */
export async function holdGivenThings(
  { globals, terminal }: Pick<Call, "globals" | "terminal">,
  residents: NonNullable<Connection["residents"]>,
  config: ClusterConfig,
): Promise<void> {
  const added = await residents(givenThings(config));
  const names = namesOf(added);
  if (names.length === 0) return;
  if (globals.progress === "json") terminal.line(jsonText({ type: "given-things", ...added }));
  else terminal.line(`note: taken as given, so the sandbox now holds: ${names.join(", ")}`);
}

function namesOf({
  roles,
  instanceProfiles,
  users,
  policies,
  keyPairs,
  keys,
  images,
  placementGroups,
  vpcs,
  securityGroups,
  targetGroups,
  classicLoadBalancers,
  launchTemplates,
}: GivenThings): readonly string[] {
  return [
    ...roles.map(({ arn }) => arn),
    ...instanceProfiles.map(({ arn }) => arn),
    ...users,
    ...policies,
    ...keyPairs.map(({ name }) => `key pair ${name}`),
    ...keys.map(({ name }) => `KMS key ${name}`),
    ...images.map(({ id }) => `image ${id}`),
    ...placementGroups.map(({ name }) => `placement group ${name}`),
    ...vpcs.map(({ id, subnets }) => `VPC ${id} with ${subnets.length} subnets`),
    ...securityGroups.map(({ id }) => `security group ${id}`),
    ...targetGroups.map(({ arn }) => arn),
    ...classicLoadBalancers.map(({ name }) => `classic load balancer ${name}`),
    ...launchTemplates.map(({ id }) => `launch template ${id}`),
  ];
}
