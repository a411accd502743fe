/** What the Kubernetes APIs of one region hold, by id of the cluster. Nothing is there before somebody asks for it. */
export type KubernetesState = Record<string, KubernetesStore>;

/** The objects of one cluster. */
export interface KubernetesStore {
  /** Counts up with each change. */
  version: number;
  /** By `group/plural/namespace/name`. */
  objects: Record<string, KubeObject>;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [member: string]: unknown;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  /** Counts changes of what is wanted: everything but metadata and status. */
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFields[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Which fields a client has set, as Kubernetes writes it down. */
export interface ManagedFields {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  time: string;
  fieldsType: "FieldsV1";
  fieldsV1: Fields;
  subresource?: string;
}
/** A tree of `f:<member>` and `k:<key of a list's element>`. */
export interface Fields {
  [step: string]: Fields;
}

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [member: string]: Json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As Kubernetes writes instants: without fractions of seconds. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
