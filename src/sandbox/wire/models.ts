import type { HttpRequest } from "./http.ts";
import type { ServiceModel } from "./service-model.ts";
import { serviceModel } from "./service-model.ts";

/** The SDK clients that describe each service, by the name in the SigV4 scope: one for each version of its API. */
const clients: Readonly<Record<string, readonly (() => Promise<object>)[]>> = {
  autoscaling: [() => import("@aws-sdk/client-auto-scaling")],
  cloudformation: [() => import("@aws-sdk/client-cloudformation")],
  ec2: [() => import("@aws-sdk/client-ec2")],
  eks: [() => import("@aws-sdk/client-eks")],
  elasticloadbalancing: [
    () => import("@aws-sdk/client-elastic-load-balancing"),
    () => import("@aws-sdk/client-elastic-load-balancing-v2"),
  ],
  events: [() => import("@aws-sdk/client-eventbridge")],
  iam: [() => import("@aws-sdk/client-iam")],
  kms: [() => import("@aws-sdk/client-kms")],
  logs: [() => import("@aws-sdk/client-cloudwatch-logs")],
  outposts: [() => import("@aws-sdk/client-outposts")],
  sqs: [() => import("@aws-sdk/client-sqs")],
  ssm: [() => import("@aws-sdk/client-ssm")],
  sts: [() => import("@aws-sdk/client-sts")],
};

const models = new Map<string, Promise<readonly ServiceModel[]>>();

/** The model of the service and API version that a request is for; undefined for a service that is not modelled. */
export async function modelFor(name: string, request: HttpRequest): Promise<ServiceModel | undefined> {
  if (!Object.hasOwn(clients, name)) return undefined;
  const versions = await modelsOf(name);
  return versions.length === 1 ? versions[0] : versions.find(({ version }) => version === versionOf(request));
}

/** Made on first use. */
function modelsOf(name: string): Promise<readonly ServiceModel[]> {
  const made =
    models.get(name) ??
    Promise.all((clients[name] ?? []).map(async (load) => serviceModel(name, { ...(await load()) })));
  models.set(name, made);
  return made;
}

/** The query protocols say which version of the API they speak. */
function versionOf({ method, query, body }: HttpRequest): string | null {
  const form = method === "GET" ? query : new URLSearchParams(body.toString("utf8"));
  return form.get("Version");
}
