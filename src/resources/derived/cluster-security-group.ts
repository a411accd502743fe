import { DescribeClusterCommand } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import type { DerivedKind } from "../../engine/kind.ts";
import {
  type DerivedSecurityGroupAttrs,
  derivedSecurityGroups,
  isOfControlPlane,
  securityGroupCalls,
} from "../derived-security-groups.ts";

/** EKS makes one with the cluster and deletes it with the cluster, unless something still uses it then. */
export const clusterSecurityGroup: DerivedKind<DerivedSecurityGroupAttrs, AwsContext> = {
  name: "ec2.cluster-security-group",
  title: "cluster security group",
  deletedBefore: ["ec2.vpc"],
  madeFor: "eks.cluster",
  ...securityGroupCalls,
  async list(ctx) {
    const left = (await derivedSecurityGroups(ctx)).filter(isOfControlPlane);
    if (left.length === 0) return [];
    const request = new DescribeClusterCommand({ name: ctx.owner.cluster });
    const stillUsed = await absentAsNull(() => ctx.clients.eks.send(request));
    return stillUsed ? [] : left;
  },
};
