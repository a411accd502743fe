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
import type { constructStack } from "@smithy/core/client";
import { retryMiddlewareOptions } from "@smithy/core/retry";
import { type Clock, type PausableClock, pausable } from "../clock.ts";
import { agentsOf } from "./connections.ts";
import { renewalOf, resolveChain } from "./credential-chain.ts";
import { type CredentialKeeper, type Credentials, type Person, keepCredentials } from "./credentials.ts";
import { retrying } from "./retry.ts";

/** One client per service, made on first use. All share credentials, region, endpoint, retries, clock and user agent. */
export interface Clients {
  readonly autoscaling: AutoScalingClient;
  readonly cloudformation: CloudFormationClient;
  readonly ec2: EC2Client;
  readonly eks: EKSClient;
  /** Classic load balancers. */
  readonly elb: ElasticLoadBalancingClient;
  /** Application and network load balancers. */
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly logs: CloudWatchLogsClient;
  readonly outposts: OutpostsClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  readonly credentials: CredentialKeeper;
  /** Has something else go with the clients: an agent of its own. */
  alsoClose(one: Closable): void;
  /** Ends all connections; nothing is sent afterwards. */
  close(): void;
}

interface Closable {
  destroy(): void;
}

export interface ClientOptions {
  readonly region: string;
  /** Absent: AWS itself, or what AWS_ENDPOINT_URL (or one of its per-service forms) says. */
  readonly endpoint?: string;
  /** Absent: the SDK's usual chain (environment, profile, SSO, web identity, instance role). */
  readonly credentials?: Credentials;
  /** A profile of the shared configuration files, where that chain starts. */
  readonly profile?: string;
  /** Stopped, where it can be, while requests wait for new credentials. */
  readonly clock: Clock | PausableClock;
  /** Ours, for the user agent. */
  readonly version: string;
  /** Who is asked for MFA codes and new credentials; absent: nobody. */
  readonly person?: Person;
  /** Why credentials that were found in place of expired ones must not be used; undefined: they may. */
  readonly check?: (fresh: Credentials) => Promise<string | undefined>;
}

/** Real milliseconds: a connection that takes longer, or an answer, is given up. */
const connectionTimeout = 10_000;
const requestTimeout = 60_000;

/** Sends nothing yet; a missing region or missing credentials show with the first request. */
export function createClients(options: ClientOptions): Clients {
  const { region, endpoint, profile, version, person, check } = options;
  const clock = "pause" in options.clock ? options.clock : pausable(options.clock);
  const requestHandler = { connectionTimeout, requestTimeout, throwOnRequestTimeout: true, ...agentsOf(process.env) };
  const given = options.credentials;
  // The chain may ask a person or start a process, so it is gone through once for all clients.
  const credentials = keepCredentials({
    resolve: async () =>
      given ?? resolveChain({ region, requestHandler, ...(profile && { profile }), ...(person && { person }) }),
    todo: (old) => renewalOf(old, profile, process.env),
    clock,
    ...(check && { check }),
    ...(person && { person }),
  });
  const config = {
    region,
    customUserAgent: [["ekstool", version] as [string, string]],
    requestHandler,
    credentials: credentials.provide,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
  };
  const open: Closable[] = [];
  const clientOf = <Client, Input extends object, Output extends object>(
    service: string,
    make: () => Client & Closable & { readonly middlewareStack: MiddlewareStack<Input, Output> },
  ) =>
    once(() => {
      const client = make();
      open.push(client);
      return withOurRetries(client, retrying(service, clock, credentials));
    });
  const autoscaling = clientOf("autoscaling", () => new AutoScalingClient(config));
  const cloudformation = clientOf("cloudformation", () => new CloudFormationClient(config));
  const ec2 = clientOf("ec2", () => new EC2Client(config));
  const eks = clientOf("eks", () => new EKSClient(config));
  const elb = clientOf("elasticloadbalancing", () => new ElasticLoadBalancingClient(config));
  const elbv2 = clientOf("elasticloadbalancing", () => new ElasticLoadBalancingV2Client(config));
  const events = clientOf("events", () => new EventBridgeClient(config));
  const iam = clientOf("iam", () => new IAMClient(config));
  const kms = clientOf("kms", () => new KMSClient(config));
  const logs = clientOf("logs", () => new CloudWatchLogsClient(config));
  const outposts = clientOf("outposts", () => new OutpostsClient(config));
  // The endpoint is the region's, or the one that is asked for, whatever a queue's URL says.
  const sqs = clientOf("sqs", () => new SQSClient({ ...config, useQueueUrlAsEndpoint: false }));
  const ssm = clientOf("ssm", () => new SSMClient(config));
  const sts = clientOf("sts", () => new STSClient(config));
  return {
    get autoscaling() {
      return autoscaling();
    },
    get cloudformation() {
      return cloudformation();
    },
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
    get events() {
      return events();
    },
    get iam() {
      return iam();
    },
    get kms() {
      return kms();
    },
    get logs() {
      return logs();
    },
    get outposts() {
      return outposts();
    },
    get sqs() {
      return sqs();
    },
    get ssm() {
      return ssm();
    },
    get sts() {
      return sts();
    },
    credentials,
    alsoClose: (one) => void open.push(one),
    close() {
      for (const one of open.splice(0)) one.destroy();
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
  retries: ReturnType<typeof retrying>,
): Client {
  const stack = client.middlewareStack;
  stack.add((next) => next, { ...retryMiddlewareOptions, step: "finalizeRequest", override: true });
  stack.add(retries, { name: "ekstoolRetries", step: "initialize", priority: "high" });
  return client;
}
