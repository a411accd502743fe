import type { Duration } from "../engine/kind.ts";

/** For what AWS does at once; the limit leaves room for reads that lag behind. */
export const moments: Duration = { expect: 1, limit: 300 };

/**
 * For deletions in a VPC: network interfaces of load balancers, nodes and the control plane are released some minutes after
 * their owners are gone.
 */
export const afterRelease: Duration = { expect: 2, limit: 1200 };
