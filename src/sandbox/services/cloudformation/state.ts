import type { Capability, ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";

/** Plain JSON, as templates have it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

export interface ResourceRecord {
  logicalId: string;
  type: string;
  /** Empty until its creation has begun. */
  physicalId: string;
  status: ResourceStatus;
  reason?: string;
  /** Milliseconds since the epoch, virtual; as all instants. */
  changedAt: number;
  /** With functions resolved. */
  properties: JsonObject;
  updatePolicy: JsonObject;
  keep: boolean;
}

/** What a stack is made from. */
export interface Source {
  /** As it was sent. */
  template: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  capabilities: Capability[];
}

/** Something that is done to one resource. */
export interface Step {
  logicalId: string;
  verb: "create" | "update" | "replace" | "delete" | "clean up";
  /** Logical ids whose steps come before. */
  after: string[];
  state: "waiting" | "running" | "done";
  /** When it is looked at next; while it runs. */
  at: number;
}

export interface Operation {
  kind: "create" | "update" | "delete" | "roll back creation" | "roll back update";
  steps: Step[];
  /** Why a resource may not be changed, by logical id: what the caller's policies do not allow. */
  denied: Record<string, string>;
  /** What things were tagged with before. */
  tagsBefore: Record<string, string>;
  /** What an update began from. */
  before?: { source: Source; resources: Record<string, ResourceRecord> };
  /** What failed, by logical id. */
  failed: string[];
  /** Until everything is settled: it waits to begin. */
  beginsAt: number;
}

export interface EventRecord {
  id: string;
  at: number;
  logicalId: string;
  physicalId: string;
  type: string;
  status: ResourceStatus;
  reason?: string;
  token?: string;
}

export interface ChangeSetRecord {
  name: string;
  id: string;
  createdAt: number;
  readyAt: number;
  type: "CREATE" | "UPDATE";
  source: Source;
  description?: string;
  /** Absent: it can be carried out. */
  failure?: string;
  executed: boolean;
  token?: string;
}

export interface StackRecord {
  name: string;
  id: string;
  description?: string;
  createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
  status: StackStatus;
  reason?: string;
  source: Source;
  onFailure: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  protected: boolean;
  /** Of the request that made it. */
  token?: string;
  /** The same of the operation that runs or ran last. */
  operationToken?: string;
  /** Who asked for the operation that runs. */
  principal: string;
  resources: Record<string, ResourceRecord>;
  outputs: { key: string; value: string; description?: string; export?: string }[];
  events: EventRecord[];
  operation: Operation | null;
  changeSets: ChangeSetRecord[];
}

/** What CloudFormation holds in one region: stacks by id, deleted ones included. */
export interface CloudFormationState {
  stacks: Record<string, StackRecord>;
}

export function emptyCloudFormationState(): CloudFormationState {
  return { stacks: {} };
}
