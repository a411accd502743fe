import { changesSomething } from "./journal.ts";

/** A token bucket: how many requests at once, and how many come back per second. */
interface Bucket {
  readonly burst: number;
  readonly perSecond: number;
}

interface Rates {
  readonly read: Bucket;
  readonly change: Bucket;
  /** One bucket for all regions. */
  readonly global?: true;
}

/**
 * AWS's request rates per account and region. EC2's are those that its API reference documents for most operations;
 * the others are of the order that users report.
 */
const rates: Readonly<Record<string, Rates>> = {
  ec2: { read: { burst: 100, perSecond: 20 }, change: { burst: 50, perSecond: 5 } },
  eks: { read: { burst: 40, perSecond: 10 }, change: { burst: 10, perSecond: 2 } },
  iam: { read: { burst: 40, perSecond: 20 }, change: { burst: 20, perSecond: 10 }, global: true },
  sts: { read: { burst: 100, perSecond: 50 }, change: { burst: 100, perSecond: 50 } },
  ssm: { read: { burst: 40, perSecond: 40 }, change: { burst: 3, perSecond: 3 } },
  logs: { read: { burst: 20, perSecond: 10 }, change: { burst: 10, perSecond: 5 } },
};

interface Throttle {
  /** Takes a token; false: there is none, the request is throttled. `now` in milliseconds. */
  admits(service: string, region: string, operation: string, now: number): boolean;
}

export function throttle(): Throttle {
  const levels = new Map<string, { tokens: number; at: number }>();
  return {
    admits(service, region, operation, now) {
      const kind = changesSomething(operation) ? "change" : "read";
      const ofService = rates[service];
      if (!ofService) return true;
      const bucket = ofService[kind];
      const key = [service, ofService.global ? "" : region, kind].join("/");
      const level = levels.get(key) ?? { tokens: bucket.burst, at: now };
      const refilled = Math.min(bucket.burst, level.tokens + ((now - level.at) / 1000) * bucket.perSecond);
      const admitted = refilled >= 1;
      levels.set(key, { tokens: admitted ? refilled - 1 : refilled, at: now });
      return admitted;
    },
  };
}
