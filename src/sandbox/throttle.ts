import { changesSomething } from "./journal.ts";

/** A token bucket: how many requests at once, and how many come back per second. */
interface Bucket {
  readonly burst: number;
  readonly perSecond: number;
}

interface Rates {
  readonly read: Bucket;
  readonly change: Bucket;
  /** Reads that ask for all there is. */
  readonly readAll?: Bucket;
  /** Operations with a bucket of their own size. */
  readonly operations?: Readonly<Record<string, Bucket>>;
  /** Whether each operation has its own tokens, or those of a service share them. */
  readonly each?: true;
  /** One bucket for all regions. */
  readonly global?: true;
}

/**
 * AWS's request rates per account and region. EC2's are documented (EC2 developer guide, "Request throttling"): each
 * operation has tokens of its own. For EKS and IAM nothing is published: these are of the order that users report, shared by
 * a service's reads and by its changes, and those of CloudWatch Logs are its documented quotas.
 */
const rates: Readonly<Record<string, Rates>> = {
  ec2: {
    read: { burst: 100, perSecond: 20 },
    readAll: { burst: 50, perSecond: 10 },
    change: { burst: 50, perSecond: 5 },
    operations: {
      CreateNatGateway: { burst: 10, perSecond: 1 },
      DeleteNatGateway: { burst: 10, perSecond: 1 },
      CreateTags: { burst: 100, perSecond: 10 },
      DeleteTags: { burst: 100, perSecond: 10 },
      RunInstances: { burst: 5, perSecond: 2 },
      TerminateInstances: { burst: 100, perSecond: 5 },
    },
    each: true,
  },
  eks: { read: { burst: 40, perSecond: 10 }, change: { burst: 10, perSecond: 2 } },
  elasticloadbalancing: { read: { burst: 40, perSecond: 10 }, change: { burst: 20, perSecond: 5 } },
  iam: { read: { burst: 40, perSecond: 20 }, change: { burst: 20, perSecond: 10 }, global: true },
  sts: { read: { burst: 100, perSecond: 50 }, change: { burst: 100, perSecond: 50 } },
  ssm: { read: { burst: 40, perSecond: 40 }, change: { burst: 3, perSecond: 3 } },
  events: { read: { burst: 50, perSecond: 50 }, change: { burst: 50, perSecond: 50 } },
  sqs: { read: { burst: 100, perSecond: 100 }, change: { burst: 50, perSecond: 20 } },
  logs: { read: { burst: 20, perSecond: 10 }, change: { burst: 10, perSecond: 5 } },
};

/** What EC2 takes for a read of everything, when neither ids nor filters nor a page size narrow it. */
const readsAll =
  /^Describe(Addresses|Instances|NetworkInterfaces|SecurityGroups|SecurityGroupRules|Subnets|Tags|Volumes|Vpcs)$/;

interface Request {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  readonly input: object;
}

interface Throttle {
  /** Takes a token; false: there is none, the request is throttled. `now` in milliseconds. */
  admits(request: Request, now: number): boolean;
}

export function throttle(): Throttle {
  const levels = new Map<string, { tokens: number; at: number }>();
  return {
    admits(request, now) {
      const ofService = rates[request.service];
      if (!ofService) return true;
      const { key, bucket } = bucketOf(request, ofService);
      const level = levels.get(key) ?? { tokens: bucket.burst, at: now };
      const refilled = Math.min(bucket.burst, level.tokens + ((now - level.at) / 1000) * bucket.perSecond);
      const admitted = refilled >= 1;
      levels.set(key, { tokens: admitted ? refilled - 1 : refilled, at: now });
      return admitted;
    },
  };
}

function bucketOf({ service, region, operation, input }: Request, of: Rates): { key: string; bucket: Bucket } {
  const own = of.operations?.[operation];
  const all = readsAll.test(operation) && Object.values(input).every((value) => value === undefined);
  const kind = changesSomething(operation) ? "change" : all && of.readAll ? "readAll" : "read";
  const bucket = own ?? of[kind] ?? of.read;
  return { key: [service, of.global ? "" : region, of.each ? operation : "", kind].join("/"), bucket };
}
