import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import type { constructStack } from "@smithy/core/client";
import { retryMiddlewareOptions } from "@smithy/core/retry";
import type { Clock } from "../clock.ts";
import { retrying } from "./retry.ts";

/** One client per service, made on first use. All share credentials, region, endpoint, retries, clock and user agent. */
export interface Clients {
  readonly ec2: EC2Client;
  readonly eks: EKSClient;
  /** Classic load balancers. */
  readonly elb: ElasticLoadBalancingClient;
  /** Application and network load balancers. */
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

export interface ClientOptions {
  readonly region: string;
  /** Absent: AWS itself, or what AWS_ENDPOINT_URL (or one of its per-service forms) says. */
  readonly endpoint?: string;
  /** Absent: the SDK's usual chain (environment, profile, SSO, web identity, instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** A profile of the shared configuration files, where that chain starts. */
  readonly profile?: string;
  readonly clock: Clock;
  /** Ours, for the user agent. */
  readonly version: string;
}

/** Real milliseconds: a connection that takes longer, or an answer, is given up. */
const connectionTimeout = 10_000;
const requestTimeout = 60_000;

/** Sends nothing yet; a missing region or missing credentials show with the first request. */
export function createClients(options: ClientOptions): Clients {
  const { region, endpoint, profile, clock, version } = options;
  const config = {
    region,
    customUserAgent: [["ekstool", version] as [string, string]],
    requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
  };
  const sts = once(() =>
    withOurRetries(
      new STSClient({ ...config, ...(options.credentials && { credentials: options.credentials }) }),
      "sts",
      clock,
    ),
  );
  // The chain may ask a person or start a process, so it is gone through once: by the STS client, for all.
  const shared = { ...config, credentials: () => sts().config.credentials() };
  const ec2 = once(() => withOurRetries(new EC2Client(shared), "ec2", clock));
  const eks = once(() => withOurRetries(new EKSClient(shared), "eks", clock));
  const elb = once(() => withOurRetries(new ElasticLoadBalancingClient(shared), "elasticloadbalancing", clock));
  const elbv2 = once(() => withOurRetries(new ElasticLoadBalancingV2Client(shared), "elasticloadbalancing", clock));
  const iam = once(() => withOurRetries(new IAMClient(shared), "iam", clock));
  const logs = once(() => withOurRetries(new CloudWatchLogsClient(shared), "logs", clock));
  const ssm = once(() => withOurRetries(new SSMClient(shared), "ssm", clock));
  return {
    get ec2() {
      return ec2();
    },
    get eks() {
      return eks();
    },
    get elb() {
      return elb();
    },
    get elbv2() {
      return elbv2();
    },
    get iam() {
      return iam();
    },
    get logs() {
      return logs();
    },
    get ssm() {
      return ssm();
    },
    get sts() {
      return sts();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

type MiddlewareStack<Input extends object, Output extends object> = ReturnType<typeof constructStack<Input, Output>>;

/** The SDK's own retry middleware stays in name only: others are placed relative to it. */
function withOurRetries<Client, Input extends object, Output extends object>(
  client: Client & { readonly middlewareStack: MiddlewareStack<Input, Output> },
  service: string,
  clock: Clock,
): Client {
  const stack = client.middlewareStack;
  stack.add((next) => next, { ...retryMiddlewareOptions, step: "finalizeRequest", override: true });
  stack.add(retrying(service, clock), { name: "ekstoolRetries", step: "initialize", priority: "high" });
  return client;
}
