export interface QueueRecord {
  name: string;
  arn: string;
  url: string;
  createdAt: number;
  modifiedAt: number;
  /** By SQS' names for them, as it gives them back. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
}

/** What SQS holds in one region: queues by name. */
export interface SqsState {
  queues: Record<string, QueueRecord>;
  /** When a queue of this name was deleted. */
  deletedAt: Record<string, number>;
}

export function emptySqsState(): SqsState {
  return { queues: {}, deletedAt: {} };
}
