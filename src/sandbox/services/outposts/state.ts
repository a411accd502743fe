export interface OutpostRecord {
  /** `op-0123456789abcdef0`. */
  id: string;
  arn: string;
  /** Name and id of its zone. */
  zone: { name: string; id: string };
  /** The types that it was ordered with. */
  instanceTypes: string[];
}

/** The Outposts of one region, by id. */
export type OutpostsState = Record<string, OutpostRecord>;
