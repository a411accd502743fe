import type { ServiceModel } from "./service-model.ts";
import { serviceModel } from "./service-model.ts";

/** The SDK client that describes each service, by the name in the SigV4 scope. */
const clients = {
  ec2: () => import("@aws-sdk/client-ec2"),
  eks: () => import("@aws-sdk/client-eks"),
  iam: () => import("@aws-sdk/client-iam"),
  logs: () => import("@aws-sdk/client-cloudwatch-logs"),
  ssm: () => import("@aws-sdk/client-ssm"),
  sts: () => import("@aws-sdk/client-sts"),
} as const;

const models = new Map<string, Promise<ServiceModel>>();

/** The model of a service, made on first use; undefined for a service that is not modelled. */
export function modelOf(name: string): Promise<ServiceModel> | undefined {
  const known = models.get(name);
  if (known || !Object.hasOwn(clients, name)) return known;
  const model = clients[name as keyof typeof clients]().then((module) => serviceModel(name, { ...module }));
  models.set(name, model);
  return model;
}
