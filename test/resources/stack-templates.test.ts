import { describe, expect, it } from "vitest";
import { type StackSpec } from "../../src/resources/cloudformation/stack.ts";
import { templateOf } from "../../src/resources/cloudformation/template-document.ts";
import { templateViolations } from "../support/resource-schemas.ts";

const spec: StackSpec = {
  description: "Nodegroup web",
  instancesDistribution: { instanceTypes: ["m5.large", "m5a.large"], maxPrice: 0.1, spotInstancePools: 2 },
  capacityRebalance: true,
  maxInstanceLifetime: 86_400,
  metricsCollection: [{ granularity: "1Minute", metrics: ["GroupMinSize"] }],
  registration: { labels: {}, taints: [] },
  targetGroupArns: ["arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/web/0123456789abcdef"],
  loadBalancerNames: ["web"],
  groupTags: { Name: "web" },
  instanceProfile: { name: "web", path: "/ekstool/" },
  tags: {},
};
const judged = (template: string) =>
  templateViolations({
    service: "cloudformation",
    version: "2010-05-15",
    operation: "CreateStack",
    input: { TemplateBody: template, Tags: [{ Key: "ekstool.dev/cluster", Value: "demo" }] },
  } as unknown as Parameters<typeof templateViolations>[0]);

describe("AWS's resource schemas", () => {
  it("accept the template of a self-managed nodegroup with all that it can have", () => {
    expect(judged(templateOf(spec))).toEqual([]);
  });

  it.each([
    ['"MinSize"', '"MinimumSize"', "must have required property 'MinSize'"],
    ['"CapacityRebalance"', '"Rebalance"', "must NOT have additional properties"],
    ['"MaxInstanceLifetime":86400', '"MaxInstanceLifetime":[]', "MaxInstanceLifetime must"],
    ["AWS::IAM::InstanceProfile", "AWS::IAM::Nothing", "not in test/models"],
  ])("do not accept %s as %s", (from, to, why) => {
    const template = templateOf(spec);
    expect(template).toContain(from);
    expect(judged(template.replaceAll(from, to)).join()).toContain(why);
  });
});
