import { notSimulated } from "../aws-error.ts";
import type { Call } from "../service.ts";
import { identityOf } from "../services/iam/internal.ts";
import type { Protocol } from "../wire/service-model.ts";
import { denialOf, type Policies } from "./decision.ts";
import { accessDenied } from "./denial.ts";
import { autoScalingRows } from "./autoscaling.ts";
import { cloudFormationRows } from "./cloudformation.ts";
import { ec2Rows } from "./ec2.ts";
import { eksRows } from "./eks.ts";
import { elasticLoadBalancingRows } from "./elasticloadbalancing.ts";
import { eventsRows } from "./events.ts";
import { iamRows } from "./iam.ts";
import { kmsRows } from "./kms.ts";
import { logsRows } from "./logs.ts";
import { outpostsRows } from "./outposts.ts";
import { requestContext } from "./request-context.ts";
import { type Context, given, type Input, type Rows } from "./requirement.ts";
import { rolesAnywhereRows } from "./rolesanywhere.ts";
import { sqsRows } from "./sqs.ts";
import { ssmRows } from "./ssm.ts";
import { stsRows } from "./sts.ts";

/**
 * What AWS checks before it does what was asked, by service and operation: its Service Authorization Reference, and what
 * services look up, tag and pass on as the caller.
 */
export const rows: Readonly<Record<string, Rows>> = {
  autoscaling: autoScalingRows,
  cloudformation: cloudFormationRows,
  ec2: ec2Rows,
  eks: eksRows,
  elasticloadbalancing: elasticLoadBalancingRows,
  events: eventsRows,
  iam: iamRows,
  kms: kmsRows,
  logs: logsRows,
  rolesanywhere: rolesAnywhereRows,
  outposts: outpostsRows,
  sqs: sqsRows,
  ssm: ssmRows,
  sts: stsRows,
};

/**
 * Holds a request to its caller's policies.
 *
 * @throws AwsError as the service answers for the first thing that they do not allow.
 */
export function authorize(policies: Policies, input: object, call: Call, protocol: Protocol): void {
  const row = rows[call.service]?.[call.operation];
  if (!row) throw notSimulated(`${call.service}:${call.operation} under a policy`);
  const caller = ofCaller(call);
  for (const requirement of row(input as Input, call)) {
    const context = requestContext(caller, ofResource(requirement.resource), requirement.context);
    const reason = denialOf(policies, requirement, context);
    if (reason !== undefined) throw accessDenied(requirement, reason, call, protocol);
  }
}

/** What is known of every request. */
function ofCaller({ world, principal, account, region }: Call): Context {
  const { type, arn, userId, userName } = identityOf(world, principal);
  return given({
    "aws:PrincipalAccount": account,
    "aws:PrincipalArn": arn,
    "aws:PrincipalType": type,
    "aws:RequestedRegion": region,
    "aws:userid": userId,
    "aws:username": userName,
  });
}

function ofResource(resource: string): Context {
  const account = resource.split(":")[4] ?? "";
  return account === "" ? {} : { "aws:ResourceAccount": account };
}
