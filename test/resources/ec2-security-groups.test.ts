import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { classify } from "../../src/aws/errors.ts";
import { securityGroup } from "../../src/resources/ec2/security-group.ts";
import { securityGroupRule, type SecurityGroupRuleSpec } from "../../src/resources/ec2/security-group-rule.ts";
import { vpc } from "../../src/resources/ec2/vpc.ts";
import { make, openPlace, type Place, remove, wanting } from "./driver.ts";

const tags = { Name: "demo" };

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.sandbox.close());

async function groups() {
  const { ctx } = place;
  const { attrs } = await make(vpc, wanting("vpc", { cidr: "192.168.0.0/16", tags }, {}), ctx);
  const group = (label: string) =>
    make(securityGroup, wanting(`security-group/${label}`, { description: label, tags }, { vpc: attrs }), ctx);
  const [first, second] = await Promise.all([group("first"), group("second")]);
  return { first, second };
}

const https: SecurityGroupRuleSpec = {
  direction: "ingress",
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrIpv4: "10.0.0.0/8",
  description: "API",
  tags,
};

describe("security group rule", () => {
  it.each<[string, SecurityGroupRuleSpec]>([
    ["a CIDR block", https],
    [
      "an IPv6 block",
      { direction: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, cidrIpv6: "::/0", description: "SSH", tags },
    ],
    ["egress", { ...https, direction: "egress" }],
  ])("is made for %s, with its own tags, and needs nothing more", async (_, spec) => {
    const { first } = await groups();
    place.changes();
    const want = wanting("security-group-rule/x", spec, { group: first.attrs, source: [] });
    const live = await make(securityGroupRule, want, place.ctx);
    expect(place.changes()).toHaveLength(1);
    expect(live).toMatchObject({ id: "security-group-rule/x", owner: "us", attrs: { groupId: first.ref } });
    expect((await securityGroupRule.list(place.ctx)).map(({ ref }) => ref)).toEqual([live.ref]);
    await remove(securityGroupRule, live.ref, place.ctx);
  });

  it("lets another group in, and keeps that one from being deleted", async () => {
    const { first, second } = await groups();
    const { ctx } = place;
    const all = { direction: "ingress", protocol: "-1", fromPort: -1, toPort: -1, description: "all", tags } as const;
    const want = wanting("security-group-rule/x", all, { group: first.attrs, source: [second.attrs] });
    const live = await make(securityGroupRule, want, ctx);
    expect(live.attrs.sourceGroupId).toBe(second.ref);
    const refused = await securityGroup.delete(second, ctx).catch((error: unknown) => error);
    expect(classify(refused)).toBe("dependency");
    await remove(securityGroupRule, live.ref, ctx);
    await remove(securityGroup, second.ref, ctx);
    expect((await securityGroup.list(ctx)).map(({ ref }) => ref)).toEqual([first.ref]);
  });
});
