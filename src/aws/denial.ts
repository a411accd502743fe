import type { FailedCall } from "./failed-call.ts";

/** What AWS does not let the caller do. */
export interface Denial {
  /** `iam:PassRole`: not always that of the call, since AWS checks others with it. */
  readonly action: string;
  /** An ARN, or AWS's words for it; absent where AWS names none. */
  readonly resource?: string;
  /** A policy says no, and none that says yes can help. */
  readonly explicit: boolean;
}

/** The forms in which AWS says what is missing. */
const forms: readonly RegExp[] = [
  /is not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: (?<resource>(?:(?:role|user|group|policy|instance profile) )?\S+))?/u,
  // EKS, of the role that its nodegroups work with.
  /(?:SLR|service linked role): (?<resource>\S+) .*due to missing permissions for '(?<action>[\w-]+:\w+)'/u,
];

/** EKS says nothing more of what it tried to launch: EC2's own words are in a message that only AWS can decode. */
const launch = /not authorized to launch instances with this launch template/u;

/** What a refusal is about: what its message says, or else the call itself. */
export function denialOf(message: string, call: FailedCall | undefined): Denial | undefined {
  const explicit = /explicit deny/u.test(message);
  if (launch.test(message)) return { action: "ec2:RunInstances", resource: "the launch template", explicit };
  for (const form of forms) {
    const { action, resource } = form.exec(message)?.groups ?? {};
    if (action === undefined) continue;
    return { action, ...(resource === undefined ? {} : { resource: resource.replace(/[.,;]$/u, "") }), explicit };
  }
  return call && { action: `${call.service}:${call.operation}`, explicit };
}
