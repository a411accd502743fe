/** A trust policy for service principals. */
export function trustOf(...services: string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: services }, Action: ["sts:AssumeRole", "sts:TagSession"] }],
  });
}

/** A permissions policy. */
export function permissionsOf(...actions: string[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
}
