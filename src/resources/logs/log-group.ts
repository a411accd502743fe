import type { Tags } from "../../aws/tags.ts";

export interface LogGroupSpec {
  /** Absent: not managed. */
  readonly retentionInDays?: number;
  readonly tags: Tags;
}
export interface LogGroupAttrs {
  readonly name: string;
  readonly arn: string;
  /** null = never expires. */
  readonly retentionInDays: number | null;
  readonly tags: Tags;
}
