export interface RuleRecord {
  name: string;
  arn: string;
  description?: string;
  eventPattern: string;
  state: "ENABLED" | "DISABLED";
  /** ARN by the target's id. */
  targets: Record<string, string>;
  tags: Record<string, string>;
}

/** What EventBridge holds in one region: the rules of the default bus by name. */
export interface EventsState {
  rules: Record<string, RuleRecord>;
}

export function emptyEventsState(): EventsState {
  return { rules: {} };
}
