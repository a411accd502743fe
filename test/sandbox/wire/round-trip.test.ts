import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as ec2 from "@aws-sdk/client-ec2";
import * as eks from "@aws-sdk/client-eks";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import * as elb from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import * as iam from "@aws-sdk/client-iam";
import * as sts from "@aws-sdk/client-sts";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decode } from "../../../src/sandbox/wire/decode.ts";
import { encode } from "../../../src/sandbox/wire/encode.ts";
import type { OperationModel } from "../../../src/sandbox/wire/service-model.ts";
import { serviceModel } from "../../../src/sandbox/wire/service-model.ts";
import { isSignedWith, readSignature } from "../../../src/sandbox/wire/sigv4.ts";
import { readRequest } from "../../../src/sandbox/server.ts";
import { generator } from "./generate.ts";

/** Operations that stream: an event stream, or a payload that is no value. */
const streaming = new Set(["logs.StartLiveTail", "logs.GetLogObject"]);

/** Operations that are called without credentials; the sandbox refuses such requests. */
const unsigned = new Set(["sts.AssumeRoleWithSAML", "sts.AssumeRoleWithWebIdentity"]);
const excluded = new Set([...streaming, ...unsigned]);

type Command = new (input: object) => object;
interface AnyClient {
  send(command: object): Promise<object>;
  destroy(): void;
}
type ClientClass = new (config: object) => AnyClient;

const services = [
  { name: "ec2", module: ec2, Client: ec2.EC2Client },
  { name: "eks", module: eks, Client: eks.EKSClient },
  { name: "elb", module: elb, Client: ElasticLoadBalancingClient },
  { name: "elbv2", module: elbv2, Client: ElasticLoadBalancingV2Client },
  { name: "iam", module: iam, Client: iam.IAMClient },
  { name: "logs", module: logs, Client: CloudWatchLogsClient },
  { name: "sts", module: sts, Client: sts.STSClient },
] as const;

const models = new Map(services.map(({ name, module }) => [name as string, serviceModel(name, { ...module })]));
const values = generator();

/** What the server is to answer next, and what it understood last. */
const exchange: { service: string; output: object; operation?: string; input?: unknown; failure?: unknown } = {
  service: "",
  output: {},
};

const server = createServer((incoming, response) => {
  void (async () => {
    try {
      const request = await readRequest(incoming);
      const claims = request && readSignature(request);
      const model = claims && models.get(exchange.service);
      if (!request || !claims || !model) throw new Error("not a signed request to a known service");
      if (!isSignedWith("secret", request, claims)) throw new Error("the signature does not verify");
      const { operation, input } = decode(model, request);
      exchange.operation = operation.name;
      exchange.input = input;
      const answer = encode(model, operation, exchange.output, "id");
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      exchange.failure = error;
      response.writeHead(500).end();
    }
  })();
});
let endpoint = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe.each(services)("$name over the wire", ({ name, module, Client }) => {
  const model = models.get(name);
  const operations = [...(model?.operations.values() ?? [])].filter((each) => !excluded.has(`${name}.${each.name}`));

  it("carries every operation's input and output exactly", async () => {
    expect(operations.length).toBeGreaterThan(5);
    exchange.service = name;
    const client = new (Client as unknown as ClientClass)({
      region: "us-west-2",
      endpoint,
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      maxAttempts: 1,
    });
    for (const operation of operations) await carriesExactly(client, module, operation);
    client.destroy();
  });
});

async function carriesExactly(client: AnyClient, module: object, operation: OperationModel): Promise<void> {
  const input = values.value(operation.input) as object;
  exchange.output = values.value(operation.output) as object;
  const CommandClass = (module as Record<string, Command>)[`${operation.name}Command`];
  if (!CommandClass) throw new Error(`no command for ${operation.name}`);
  const received = await client.send(new CommandClass(input)).catch((error: unknown) => {
    throw new Error(`${operation.name}: ${String(exchange.failure ?? error)}`, { cause: exchange.failure ?? error });
  });
  expect(exchange.operation).toBe(operation.name);
  expect(comparable(exchange.input), `${operation.name}, request`).toEqual(comparable(input));
  expect(comparable(received), `${operation.name}, response`).toEqual(comparable(exchange.output));
}

/** Bytes by value, without what the SDK adds. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(comparable);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "$metadata")
      .map(([key, each]) => [key, comparable(each)]),
  );
}

it("excludes only operations that exist", () => {
  const all = [...models].flatMap(([name, model]) => [...model.operations.keys()].map((each) => `${name}.${each}`));
  expect(all).toEqual(expect.arrayContaining([...excluded]));
});
