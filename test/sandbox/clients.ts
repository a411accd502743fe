import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { OutpostsClient } from "@aws-sdk/client-outposts";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import type { Clock } from "../../src/clock.ts";
import { type AccessKey, sandboxCredentials } from "../../src/sandbox/credentials.ts";

interface Where {
  readonly endpoint: string;
  readonly clock: Clock;
}

interface Options {
  readonly region?: string;
  readonly credentials?: AccessKey;
}

/** The SDK's own clients, without retries, on the sandbox's time. */
export function clientsOf(where: Where, { region = "us-west-2", credentials = sandboxCredentials }: Options = {}) {
  const config = { region, endpoint: where.endpoint, credentials, maxAttempts: 1 };
  const clients = {
    autoscaling: new AutoScalingClient(config),
    cloudformation: new CloudFormationClient(config),
    ec2: new EC2Client(config),
    eks: new EKSClient(config),
    elb: new ElasticLoadBalancingClient(config),
    elbv2: new ElasticLoadBalancingV2Client(config),
    events: new EventBridgeClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    logs: new CloudWatchLogsClient(config),
    outposts: new OutpostsClient(config),
    sqs: new SQSClient(config),
    ssm: new SSMClient(config),
    sts: new STSClient(config),
  };
  for (const client of Object.values(clients)) holdAround(client, where.clock);
  return clients;
}

interface MiddlewareStack {
  add(middleware: (next: Next) => Next, options: { step: "initialize"; name: string }): void;
}
type Next = (args: never) => Promise<unknown>;

/** Time stands still while a request is on its way. */
function holdAround(client: object, clock: Clock): void {
  const { middlewareStack } = client as { middlewareStack: MiddlewareStack };
  middlewareStack.add((next) => (args) => clock.hold(() => next(args)), { step: "initialize", name: "holdTime" });
}

/** What a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; message: string; status?: number }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }) };
  }
  throw new Error("the call was not refused");
}
