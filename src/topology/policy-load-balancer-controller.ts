/**
 * What the AWS Load Balancer Controller may do, as its project publishes it: reads everywhere, and changes only to what
 * carries its tag `elbv2.k8s.aws/cluster`.
 */
export function loadBalancerControllerPolicy(partition: string) {
  const statement = (Action: readonly string[], Resource: string | readonly string[] = "*", Condition?: object) => ({
    Effect: "Allow" as const,
    Action,
    Resource,
    ...(Condition ? { Condition: Condition as Readonly<Record<string, unknown>> } : {}),
  });
  const tag = "elbv2.k8s.aws/cluster";
  const requested = { Null: { [`aws:RequestTag/${tag}`]: "false" } };
  const existing = { Null: { [`aws:ResourceTag/${tag}`]: "false" } };
  const retagged = { Null: { [`aws:RequestTag/${tag}`]: "true", [`aws:ResourceTag/${tag}`]: "false" } };
  const securityGroups = `arn:${partition}:ec2:*:*:security-group/*`;
  const elb = (resource: string) => `arn:${partition}:elasticloadbalancing:*:*:${resource}`;
  const balancers = [elb("targetgroup/*/*"), elb("loadbalancer/net/*/*"), elb("loadbalancer/app/*/*")];
  const listeners = [
    elb("listener/net/*/*/*"),
    elb("listener/app/*/*/*"),
    elb("listener-rule/net/*/*/*"),
    elb("listener-rule/app/*/*/*"),
  ];
  return [
    statement(["iam:CreateServiceLinkedRole"], "*", {
      StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
    }),
    statement([
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeVpcs",
      "ec2:DescribeVpcPeeringConnections",
      "ec2:DescribeSubnets",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeInstances",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeTags",
      "ec2:DescribeCoipPools",
      "ec2:DescribeIpamPools",
      "ec2:DescribeRouteTables",
      "ec2:GetCoipPoolUsage",
      "ec2:GetSecurityGroupsForVpc",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:DescribeListenerCertificates",
      "elasticloadbalancing:DescribeSSLPolicies",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetHealth",
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTrustStores",
      "elasticloadbalancing:DescribeCapacityReservation",
    ]),
    statement([
      "acm:ListCertificates",
      "acm:DescribeCertificate",
      "cognito-idp:DescribeUserPoolClient",
      "iam:ListServerCertificates",
      "iam:GetServerCertificate",
      "shield:GetSubscriptionState",
      "shield:DescribeProtection",
      "shield:CreateProtection",
      "shield:DeleteProtection",
      "waf-regional:GetWebACL",
      "waf-regional:GetWebACLForResource",
      "waf-regional:AssociateWebACL",
      "waf-regional:DisassociateWebACL",
      "wafv2:GetWebACL",
      "wafv2:GetWebACLForResource",
      "wafv2:AssociateWebACL",
      "wafv2:DisassociateWebACL",
    ]),
    statement(["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:CreateSecurityGroup"]),
    statement(["ec2:CreateTags"], securityGroups, {
      StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" },
      ...requested,
    }),
    statement(["ec2:CreateTags", "ec2:DeleteTags"], securityGroups, retagged),
    statement(
      ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup"],
      "*",
      existing,
    ),
    statement(["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"], "*", requested),
    statement([
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:DeleteRule",
    ]),
    statement(["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"], balancers, retagged),
    statement(["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"], listeners),
    statement(
      [
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyCapacityReservation",
        "elasticloadbalancing:ModifyIpPools",
      ],
      "*",
      existing,
    ),
    statement(["elasticloadbalancing:AddTags"], balancers, {
      StringEquals: { "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"] },
      ...requested,
    }),
    statement(
      ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      elb("targetgroup/*/*"),
    ),
    statement([
      "elasticloadbalancing:SetWebAcl",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:RemoveListenerCertificates",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:SetRulePriorities",
    ]),
  ];
}
