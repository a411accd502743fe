import type { AwsContext } from "../../aws/context.ts";
import type { DerivedKind } from "../../engine/kind.ts";
import {
  type DerivedSecurityGroupAttrs,
  derivedSecurityGroups,
  isOfControlPlane,
  securityGroupCalls,
} from "../derived-security-groups.ts";

/** Of load balancers: `k8s-elb-…`, `k8s-traffic-…`. Held by their interfaces for minutes after they are gone. */
export const derivedSecurityGroup: DerivedKind<DerivedSecurityGroupAttrs, AwsContext> = {
  name: "ec2.derived-security-group",
  title: "security group",
  deletedBefore: ["ec2.security-group", "ec2.vpc"],
  madeFor: "eks.cluster",
  ...securityGroupCalls,
  list: async (ctx) => (await derivedSecurityGroups(ctx)).filter((live) => !isOfControlPlane(live)),
};
