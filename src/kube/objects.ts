/** An object of Kubernetes; what it has beside these is its kind's own. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubernetesMetadata;
  readonly [member: string]: unknown;
}

export interface KubernetesMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly KubernetesOwner[];
  readonly managedFields?: readonly KubernetesManagedFields[];
}

/** Whose fields are whose: the names of fields begin with `f:`. */
export interface KubernetesManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: {
    readonly "f:metadata"?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  };
}

export interface KubernetesOwner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** What kind of object. */
export interface KubernetesType {
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
}

export interface KubernetesRef extends KubernetesType {
  readonly name: string;
  readonly namespace?: string;
}

export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}
