import type { NormalizedSchema } from "@smithy/core/schema";
import { firstViolation } from "./check.ts";
import { commonError } from "./dialect.ts";
import { FormError, fromForm } from "./form.ts";
import type { HttpRequest } from "./http.ts";
import { fromJson, jsonName } from "./json.ts";
import { scalarFromText } from "./scalars.ts";
import type { OperationModel, ServiceModel } from "./service-model.ts";

/** What a request asks for. */
export interface Decoded {
  readonly operation: OperationModel;
  readonly input: Record<string, unknown>;
}

/**
 * Finds out which operation a request is for and reads its input.
 *
 * @throws AwsError for an operation that the service does not have, a body that cannot be read, or an input that does
 *   not fit the operation's schema.
 */
export function decode(service: ServiceModel, request: HttpRequest): Decoded {
  const decoded = service.protocol === "restJson1" ? fromRest(service, request) : fromRpc(service, request);
  const violation = firstViolation(decoded.operation.input, decoded.input, decoded.operation.name);
  if (violation) {
    const kind = violation.kind === "missing" ? "missingParameter" : "malformed";
    throw commonError(service.protocol, kind, violation.message);
  }
  return decoded;
}

/** The protocols that name the operation: in a header (awsJson), or as a parameter (awsQuery, ec2Query). */
function fromRpc(service: ServiceModel, request: HttpRequest): Decoded {
  if (service.protocol === "awsJson1_0" || service.protocol === "awsJson1_1") {
    const operation = operationOf(service, request.headers["x-amz-target"]?.split(".").pop());
    const body = jsonBody(service, request);
    return { operation, input: fromJson(operation.input, body, { useJsonName: false }) as Record<string, unknown> };
  }
  const form = new URLSearchParams(request.method === "GET" ? request.query : request.body.toString("utf8"));
  const operation = operationOf(service, form.get("Action") ?? undefined);
  const parameters = [...form].filter(
    ([name]) => name !== "Action" && name !== "Version" && !name.startsWith("X-Amz-"),
  );
  try {
    const input = fromForm(operation.input, parameters, { ec2: service.protocol === "ec2Query" });
    return { operation, input: input as Record<string, unknown> };
  } catch (error) {
    if (error instanceof FormError) throw commonError(service.protocol, "malformed", error.message);
    throw error;
  }
}

function operationOf(service: ServiceModel, name: string | undefined): OperationModel {
  const operation = service.operations.get(name ?? "");
  if (operation) return operation;
  throw commonError(service.protocol, "unknownOperation", `The action ${name} is not valid for this web service.`);
}

/** restJson1: the operation is its method and path; members come from path, query, headers and body. */
function fromRest(service: ServiceModel, request: HttpRequest): Decoded {
  const { operation, route, labels } = routedOperation(service, request);
  const body = request.body.length > 0 ? jsonBody(service, request) : {};
  const inBody: Record<string, unknown> = { ...body };
  const input: Record<string, unknown> = {};
  if (operation.input.isUnitSchema()) return { operation, input };

  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) input[name] = text(service, member, name, labels[route.labels.indexOf(name)] ?? "");
    else if (traits.httpQuery !== undefined)
      input[name] = fromQuery(service, member, name, request.query.getAll(traits.httpQuery));
    else if (traits.httpQueryParams) input[name] = Object.fromEntries(request.query);
    else if (traits.httpHeader !== undefined) {
      const header = request.headers[traits.httpHeader.toLowerCase()];
      if (header !== undefined) input[name] = text(service, member, name, header);
    } else if (traits.httpPayload) {
      input[name] = fromJson(member, body, { useJsonName: true });
      for (const key of Object.keys(inBody)) delete inBody[key];
    } else {
      const key = jsonName(name, member, { useJsonName: true });
      if (Object.hasOwn(inBody, key)) input[name] = fromJson(member, inBody[key], { useJsonName: true });
      delete inBody[key];
    }
    if (input[name] === undefined) delete input[name];
  }
  return { operation, input: { ...inBody, ...input } };
}

function routedOperation(service: ServiceModel, request: HttpRequest) {
  for (const operation of service.routed) {
    const { route } = operation;
    if (!route || route.method !== request.method) continue;
    const match = route.path.exec(request.path);
    if (!match || [...route.fixedQuery].some(([name, value]) => request.query.get(name) !== value)) continue;
    return { operation, route, labels: match.slice(1).map(decodeURIComponent) } as const;
  }
  const message = `No operation of ${service.name} is at ${request.method} ${request.path}.`;
  throw commonError(service.protocol, "unknownOperation", message);
}

function fromQuery(service: ServiceModel, member: NormalizedSchema, name: string, values: readonly string[]): unknown {
  if (values.length === 0) return undefined;
  if (member.isListSchema()) return values.map((value) => text(service, member.getValueSchema(), name, value));
  return text(service, member, name, values[0] ?? "");
}

function text(service: ServiceModel, schema: NormalizedSchema, name: string, value: string): unknown {
  const scalar = scalarFromText(schema, value);
  if (scalar !== undefined) return scalar;
  throw commonError(service.protocol, "malformed", `'${value}' is not a valid value for ${name}.`);
}

function jsonBody(service: ServiceModel, request: HttpRequest): object {
  try {
    const body: unknown = JSON.parse(request.body.toString("utf8") || "{}");
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw commonError(service.protocol, "malformed", "The request body is not a JSON object.");
}
