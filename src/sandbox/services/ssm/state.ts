export interface ParameterRecord {
  name: string;
  arn: string;
  value: string;
  /** Counts up with each value, from 1. */
  version: number;
  /** When it got its value, in milliseconds since the epoch. */
  modifiedAt: number;
  /** From when on reads show it. */
  visibleAt: number;
  description?: string;
  tags: Record<string, string>;
}

/** What the Parameter Store holds in one region: parameters by name. */
export interface SsmState {
  parameters: Record<string, ParameterRecord>;
}

export function emptySsmState(): SsmState {
  return { parameters: {} };
}
