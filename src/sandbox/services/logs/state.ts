export interface LogGroupRecord {
  name: string;
  /** Without the `:*` at the end. */
  arn: string;
  createdAt: number;
  /** Absent: events never expire. */
  retentionInDays?: number;
  kmsKeyId?: string;
  tags: Record<string, string>;
}

/** What CloudWatch Logs holds in one region: log groups by name. */
export interface LogsState {
  groups: Record<string, LogGroupRecord>;
}

export function emptyLogsState(): LogsState {
  return { groups: {} };
}
