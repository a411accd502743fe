import { absentAsNull } from "../aws/errors.ts";
import type { AwsContext } from "../aws/context.ts";
import { allow, allowWhen } from "../aws/permissions.ts";
import type { DerivedKind, Live } from "../engine/kind.ts";
import { homeOf, lookingForHome } from "./home.ts";
import { derivedAmong } from "./made-for-cluster.ts";

/** What listing load balancers takes: both versions of the API call it the same. */
export const listingLoadBalancers = [
  ...lookingForHome,
  ...allow("elasticloadbalancing:DescribeLoadBalancers"),
  ...allowWhen("a load balancer is in the cluster's VPC", "elasticloadbalancing:DescribeTags"),
];

interface Looking<Described, Attrs> {
  /** All of the account and region, or the one with this ARN or name. */
  readonly describe: (ref: string | undefined, ctx: AwsContext) => Promise<readonly Described[]>;
  readonly vpcOf: (one: Described) => string | undefined;
  /** With its tags, which take another request: by then it may have gone. */
  readonly toLive: (one: Described, ctx: AwsContext) => Promise<Live<Attrs>>;
}

/** How things of Elastic Load Balancing are looked for: it knows no filters, and answers without tags. */
export function lookingAmongLoadBalancers<Described, Attrs>({
  describe,
  vpcOf,
  toLive,
}: Looking<Described, Attrs>): Pick<DerivedKind<Attrs, AwsContext>, "list" | "read"> {
  const look = (one: Described, ctx: AwsContext) => absentAsNull(() => toLive(one, ctx));
  return {
    async list(ctx) {
      const home = await homeOf(ctx);
      if (home.length === 0) return [];
      const found = await describe(undefined, ctx);
      const lives = await Promise.all(
        found.filter((one) => home.includes(vpcOf(one) ?? "")).map((one) => look(one, ctx)),
      );
      return derivedAmong(lives.filter((live) => live !== null));
    },
    async read(ref, ctx) {
      const [one] = (await absentAsNull(() => describe(ref, ctx))) ?? [];
      return one === undefined ? null : look(one, ctx);
    },
  };
}
