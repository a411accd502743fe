import { NormalizedSchema } from "@smithy/core/schema";

/** The wire protocols that the services in use speak. */
export type Protocol = "restJson1" | "awsJson1_0" | "awsJson1_1" | "awsQuery" | "ec2Query";

export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** The HTTP binding; restJson1 only. */
  readonly route?: Route;
}

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** The members that the groups of `path` hold, in order. */
  readonly labels: readonly string[];
  /** Query parameters that tell operations with one path apart. */
  readonly fixedQuery: ReadonlyMap<string, string>;
  /** Of a successful answer. */
  readonly status: number;
}

interface ErrorModel {
  readonly status: number | undefined;
  /** The code on the wire, where it differs from the shape's name (awsQuery). */
  readonly wireCode: string;
}

/** One AWS service, as the SDK client's runtime schemas describe it. */
export interface ServiceModel {
  /** The name in the SigV4 scope. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly xmlNamespace: string;
  /** Of its API, as `2015-12-01`: two services may share one name in the SigV4 scope. Empty where requests do not say it. */
  readonly version: string;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** By shape name and by wire code. */
  readonly errors: ReadonlyMap<string, ErrorModel>;
  /** Operations with a route, the most specific path first. */
  readonly routed: readonly OperationModel[];
}

interface RuntimeProtocol {
  getShapeId(): string;
  readonly options?: { readonly xmlNamespace?: string; readonly version?: string };
}
type ClientClass = new (config: object) => { readonly config: { readonly protocol: RuntimeProtocol } };

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** The form of the schemas that the clients export: [kind, namespace, name, traits, ...]. */
type OperationSchema = [typeof operationSchema, string, string, unknown, SchemaRef | null, SchemaRef | null];
type ErrorSchema = [typeof errorSchema, string, string, unknown];
const operationSchema = 9;
const errorSchema = -3;

/**
 * Reads the model out of an SDK client module (`import("@aws-sdk/client-eks")`).
 *
 * @param name the service's name in the SigV4 scope.
 */
export function serviceModel(name: string, module: Readonly<Record<string, unknown>>): ServiceModel {
  const { protocol, xmlNamespace, version } = protocolOf(name, module);
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  for (const exported of Object.values(module)) {
    if (!Array.isArray(exported)) continue;
    if (exported[0] === operationSchema) {
      const operation = operationModel(exported as OperationSchema);
      operations.set(operation.name, operation);
    } else if (exported[0] === errorSchema) {
      const [shape, error] = errorModel(exported as ErrorSchema);
      errors.set(shape, error);
      errors.set(error.wireCode, error);
    }
  }
  const routed = [...operations.values()].filter((operation) => operation.route);
  routed.sort((a, b) => fixedLength(b) - fixedLength(a));
  return { name, protocol, xmlNamespace, version, operations, errors, routed };
}

function protocolOf(
  name: string,
  module: Readonly<Record<string, unknown>>,
): Pick<ServiceModel, "protocol" | "xmlNamespace" | "version"> {
  const found = Object.entries(module).find(
    ([key, value]) => /^[A-Z]\w+Client$/.test(key) && typeof value === "function" && "send" in value.prototype,
  );
  if (!found) throw new Error(`the SDK client of ${name} exports no client class`);
  const Client = found[1] as ClientClass;
  const credentials = { accessKeyId: "-", secretAccessKey: "-" };
  const { protocol } = new Client({ region: "us-east-1", credentials }).config;
  return {
    protocol: protocol.getShapeId().replace("aws.protocols#", "") as Protocol,
    xmlNamespace: protocol.options?.xmlNamespace ?? "",
    version: protocol.options?.version ?? "",
  };
}

function operationModel([, , name, traits, input, output]: OperationSchema): OperationModel {
  const http = traitsOf(traits).http as [string, string, number] | undefined;
  const model = { name, input: schema(input), output: schema(output) };
  return http ? { ...model, route: routeOf(...http) } : model;
}

function errorModel([, , shape, traits]: ErrorSchema): [string, ErrorModel] {
  const { awsQueryError, httpError } = traitsOf(traits) as { awsQueryError?: [string, number]; httpError?: number };
  return [shape, { status: awsQueryError?.[1] ?? httpError, wireCode: awsQueryError?.[0] ?? shape }];
}

/** `/clusters/{name}/node-groups` to a pattern with one group per label; `{label+}` takes slashes too. */
function routeOf(method: string, uri: string, status: number): Route {
  const [path = "", query] = uri.split("?");
  const labels: string[] = [];
  const pattern = path
    .replace(/[.+*$^()|[\]\\]/g, String.raw`\$&`)
    .replace(/\{(\w+)(\\\+)?\}/g, (_, label: string, greedy?: string) => {
      labels.push(label);
      return greedy ? "(.+)" : "([^/]+)";
    });
  return {
    method,
    path: new RegExp(`^${pattern}/?$`),
    labels,
    fixedQuery: new Map(new URLSearchParams(query)),
    status,
  };
}

/** How much of a path is no label: `/clusters/{name}/updates` goes before `/clusters/{name+}`. */
function fixedLength(operation: OperationModel): number {
  return operation.route?.path.source.replace(/\([^)]*\)/g, "").length ?? 0;
}

/** Operations without input or output have null there. */
function schema(ref: SchemaRef | null): NormalizedSchema {
  return NormalizedSchema.of(ref ?? "unit");
}

function traitsOf(traits: unknown): Readonly<Record<string, unknown>> {
  return typeof traits === "object" && traits !== null ? { ...traits } : {};
}
