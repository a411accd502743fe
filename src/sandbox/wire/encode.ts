import type { AwsError } from "../aws-error.ts";
import { firstViolation } from "./check.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";
import { toJson } from "./json.ts";
import type { OperationModel, Protocol, ServiceModel } from "./service-model.ts";
import { element, escapeXml, structToXml } from "./xml.ts";

type ErrorEncoding = Pick<ServiceModel, "protocol" | "xmlNamespace" | "errors">;

/** How to answer a request whose service is not known: in the format that it came in. */
export function unmodelledEncoding(request: HttpRequest): ErrorEncoding {
  const form = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return { protocol: form ? "awsQuery" : "awsJson1_1", xmlNamespace: "", errors: new Map() };
}

/**
 * Writes an operation's answer.
 *
 * @throws Error when the output is nothing that AWS could answer: the sandbox's own defect.
 */
export function encode(
  service: ServiceModel,
  operation: OperationModel,
  output: object,
  requestId: string,
): HttpAnswer {
  const violation = firstViolation(operation.output, output, `${operation.name}Response`);
  if (violation) throw new Error(violation.message);
  const members = output as Record<string, unknown>;

  if (isJson(service.protocol)) {
    const useJsonName = service.protocol === "restJson1";
    const body = operation.output.isUnitSchema() ? {} : toJson(operation.output, members, { useJsonName });
    const status = operation.route?.status ?? 200;
    return { status, headers: headers(service.protocol, requestId), body: JSON.stringify(body) };
  }
  const result = operation.output.isUnitSchema() ? undefined : structToXml(operation.output, members);
  const content =
    service.protocol === "ec2Query"
      ? element("requestId", requestId) + (result ?? element("return", "true"))
      : (result === undefined ? "" : element(`${operation.name}Result`, result)) +
        element("ResponseMetadata", element("RequestId", requestId));
  const xml = element(`${operation.name}Response`, content, ` xmlns="${service.xmlNamespace}"`);
  return { status: 200, headers: headers(service.protocol, requestId), body: document(xml) };
}

/** Writes an error as the service's protocol does. */
export function encodeError(service: ErrorEncoding, error: AwsError, requestId: string): HttpAnswer {
  const model = service.errors.get(error.code);
  const status = model?.status ?? error.status;
  const code = model?.wireCode ?? error.code;
  const common = { status, headers: headers(service.protocol, requestId) };

  if (isJson(service.protocol)) {
    const type = service.protocol === "restJson1" ? {} : { __type: error.code };
    const body = JSON.stringify({ ...type, message: error.message, ...error.members });
    return { ...common, headers: { ...common.headers, "x-amzn-errortype": error.code }, body };
  }
  const details = element("Code", escapeXml(code)) + element("Message", escapeXml(error.message));
  const xml =
    service.protocol === "ec2Query"
      ? element("Response", element("Errors", element("Error", details)) + element("RequestID", requestId))
      : element(
          "ErrorResponse",
          element("Error", element("Type", status >= 500 ? "Receiver" : "Sender") + details) +
            element("RequestId", requestId),
          ` xmlns="${service.xmlNamespace}"`,
        );
  return { ...common, body: document(xml) };
}

function isJson(protocol: Protocol): boolean {
  return protocol === "restJson1" || protocol === "awsJson1_0" || protocol === "awsJson1_1";
}

const contentTypes: Readonly<Record<Protocol, string>> = {
  restJson1: "application/json",
  awsJson1_0: "application/x-amz-json-1.0",
  awsJson1_1: "application/x-amz-json-1.1",
  awsQuery: "text/xml",
  ec2Query: "text/xml;charset=UTF-8",
};

function headers(protocol: Protocol, requestId: string): Record<string, string> {
  return { "content-type": contentTypes[protocol], "x-amzn-requestid": requestId };
}

function document(xml: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}
