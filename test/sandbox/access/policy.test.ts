import { describe, expect, it } from "vitest";
import { denialOf } from "../../../src/sandbox/access/decision.ts";
import { policyDocument, statementsOf } from "../../../src/sandbox/access/policy.ts";
import { requestContext } from "../../../src/sandbox/access/request-context.ts";
import type { Context } from "../../../src/sandbox/access/requirement.ts";

interface Request {
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Context;
}

const vpc = "arn:aws:ec2:us-west-2:111122223333:vpc/vpc-1";
const caller: Context = { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/team/ann", "aws:username": "ann" };

function read(statements: readonly object[], version = "2012-10-17") {
  return statementsOf(policyDocument.parse({ Version: version, Statement: statements }));
}

function denial(statements: readonly object[], request: Request = {}, boundary?: readonly object[]) {
  const { action = "ec2:DeleteVpc", resource = vpc, context = {} } = request;
  const policies = { identity: read(statements), ...(boundary && { boundary: read(boundary) }) };
  return denialOf(policies, { action, resource, context }, requestContext(caller, context));
}

const allows = (statement: object, request: Request = {}) =>
  denial([{ Effect: "Allow", Action: "*", Resource: "*", ...statement }], request) === undefined;

const allow = { Effect: "Allow", Action: "*", Resource: "*" };
const deny = { Effect: "Deny", Action: "ec2:DeleteVpc", Resource: "*" };

describe("a decision", () => {
  it("is a denial where nothing allows", () => {
    expect(denial([])).toBe("because no identity-based policy allows the ec2:DeleteVpc action");
  });

  it("is a denial where something denies, whatever allows", () => {
    expect(denial([allow, deny])).toBe("with an explicit deny in an identity-based policy");
    expect(denial([deny, allow])).toBe("with an explicit deny in an identity-based policy");
    expect(denial([allow, deny], { action: "ec2:CreateVpc" })).toBeUndefined();
  });

  it("needs the boundary and a policy alike", () => {
    const narrow = { ...allow, Action: "ec2:Describe*" };
    expect(denial([allow], {}, [narrow])).toBe("because no permissions boundary allows the ec2:DeleteVpc action");
    expect(denial([allow], {}, [allow, deny])).toBe("with an explicit deny in a permissions boundary");
    expect(denial([], {}, [allow])).toBe("because no identity-based policy allows the ec2:DeleteVpc action");
    expect(denial([narrow], { action: "ec2:DescribeVpcs" }, [allow])).toBeUndefined();
  });
});

describe("Action", () => {
  it.each([
    ["ec2:DeleteVpc", true],
    ["EC2:deletevpc", true],
    ["ec2:*", true],
    ["ec2:Delete*", true],
    ["ec2:D?leteVp?", true],
    ["*", true],
    ["ec2:DeleteVpcs", false],
    ["ec2:DeleteV", false],
    ["eks:*", false],
    [["eks:*", "ec2:DeleteVpc"], true],
  ])("%j", (Action, expected) => {
    expect(allows({ Action })).toBe(expected);
    const { Action: _, ...others } = allow;
    expect(denial([{ ...others, NotAction: Action }]) === undefined).toBe(!expected);
  });
});

describe("Resource", () => {
  it.each([
    [vpc, true],
    ["*", true],
    ["arn:aws:ec2:*:*:vpc/*", true],
    ["arn:aws:ec2:*", true],
    ["arn:aws:ec2:us-west-?:111122223333:vpc/vpc-?", true],
    ["arn:aws:ec2:*:vpc/vpc-1", true],
    ["arn:aws:ec2:us-*1:vpc/vpc-1", false],
    ["arn:aws:ec2:*:*:subnet/*", false],
    ["arn:aws:ec2:us-east-1:*:vpc/*", false],
    ["arn:aws:ec2:us-west-2:111122223333:vpc/VPC-1", false],
    [["arn:aws:ec2:*:*:subnet/*", vpc], true],
  ])("%j", (Resource, expected) => {
    expect(allows({ Resource })).toBe(expected);
    const { Resource: _, ...others } = allow;
    expect(denial([{ ...others, NotResource: Resource }]) === undefined).toBe(!expected);
  });

  it("is all where the action knows none", () => {
    expect(allows({ Resource: "*" }, { action: "ec2:DescribeVpcs", resource: "*" })).toBe(true);
    expect(allows({ Resource: "arn:aws:ec2:*:*:vpc/*" }, { action: "ec2:DescribeVpcs", resource: "*" })).toBe(false);
  });
});

describe("Condition", () => {
  const context = {
    "aws:RequestTag/Team": "blue",
    "aws:TagKeys": ["Team", "stage"],
    "iam:PassedToService": "eks.amazonaws.com",
    "iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    "eks:endpointPublicAccess": "true",
  };
  it.each([
    [{ StringEquals: { "aws:RequestTag/Team": "blue" } }, true],
    [{ StringEquals: { "AWS:requesttag/team": ["red", "blue"] } }, true],
    [{ StringEquals: { "aws:RequestTag/Team": "Blue" } }, false],
    [{ StringEquals: { "aws:RequestTag/Team": "b*" } }, false],
    [{ StringEquals: { "aws:RequestTag/Team": "blue", "iam:PassedToService": "ec2.amazonaws.com" } }, false],
    [{ StringEquals: { "aws:RequestTag/Other": "blue" } }, false],
    [{ StringEqualsIfExists: { "aws:RequestTag/Other": "blue" } }, true],
    [{ StringEqualsIfExists: { "aws:RequestTag/Team": "red" } }, false],
    [{ StringEqualsIgnoreCase: { "aws:RequestTag/Team": "BLUE" } }, true],
    [{ StringNotEquals: { "aws:RequestTag/Team": ["red", "blue"] } }, false],
    [{ StringNotEquals: { "aws:RequestTag/Team": "red" } }, true],
    [{ StringNotEquals: { "aws:RequestTag/Other": "red" } }, true],
    [{ StringLike: { "iam:PassedToService": "e?s.*" } }, true],
    [{ StringNotLike: { "iam:PassedToService": "eks.*" } }, false],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["Team", "stage", "other"] } }, true],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["Team"] } }, false],
    [{ "ForAllValues:StringEquals": { "eks:namespaces": ["default"] } }, true],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["Team"] } }, true],
    [{ "ForAnyValue:StringLike": { "aws:TagKeys": ["x*", "st*"] } }, true],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["other"] } }, false],
    [{ "ForAnyValue:StringEquals": { "eks:namespaces": ["default"] } }, false],
    [{ "ForAllValues:StringNotLike": { "aws:TagKeys": ["aws:*"] } }, true],
    [{ Bool: { "eks:endpointPublicAccess": true } }, true],
    [{ Bool: { "eks:endpointPublicAccess": "false" } }, false],
    [{ Null: { "aws:RequestTag/Team": "false", "aws:RequestTag/Other": true } }, true],
    [{ Null: { "aws:TagKeys": "true" } }, false],
    [{ ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonEKS*" } }, true],
    [{ ArnLike: { "aws:PrincipalArn": "arn:*:iam::111122223333:user/*" } }, true],
    [{ ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:role/*" } }, false],
    [{ ArnNotLike: { "aws:PrincipalArn": "arn:*:iam::*:role/*" } }, true],
    [{ ArnNotEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/*" } }, false],
  ])("%j", (Condition, expected) => {
    expect(allows({ Condition }, { context })).toBe(expected);
  });
});

describe("a policy variable", () => {
  const tagged = { context: { "aws:ResourceTag/owner": "ann" } };
  it.each([
    [{ Condition: { StringEquals: { "aws:ResourceTag/owner": "${aws:username}" } } }, true],
    [{ Condition: { StringEquals: { "aws:ResourceTag/owner": "${AWS:UserName}" } } }, true],
    [{ Condition: { StringEquals: { "aws:ResourceTag/owner": "${aws:userid}" } } }, false],
    [{ Condition: { StringNotEquals: { "aws:ResourceTag/owner": "${aws:userid}" } } }, false],
    [{ Condition: { StringEquals: { "aws:ResourceTag/owner": "${aws:userid, 'ann'}" } } }, true],
    [{ Condition: { StringLike: { "aws:ResourceTag/owner": "a${*}" } } }, false],
    [{ Condition: { ArnEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } } }, true],
  ])("%j", (statement, expected) => {
    expect(allows(statement, tagged)).toBe(expected);
  });

  it("stands in resources, too, and for itself", () => {
    const request = (name: string) => ({ action: "iam:GetUser", resource: `arn:aws:iam::111122223333:user/${name}` });
    expect(allows({ Resource: "arn:aws:iam::*:user/${aws:username}" }, request("ann"))).toBe(true);
    expect(allows({ Resource: "arn:aws:iam::*:user/${aws:username}" }, request("bob"))).toBe(false);
    expect(allows({ Resource: "arn:aws:iam::*:user/${aws:userid}" }, request("ann"))).toBe(false);
    const starred = { "aws:ResourceTag/owner": "*" };
    const Resource = "arn:aws:iam::*:user/${aws:ResourceTag/owner}";
    expect(allows({ Resource }, { ...request("ann"), context: starred })).toBe(false);
  });

  it("is plain text in the older version of the language", () => {
    const statement = { ...allow, Condition: { StringEquals: { "aws:ResourceTag/owner": "${aws:username}" } } };
    const context = requestContext(caller, { "aws:ResourceTag/owner": "${aws:username}" });
    const requirement = { action: "ec2:DeleteVpc", resource: vpc, context: {} };
    expect(denialOf({ identity: read([statement], "2008-10-17") }, requirement, context)).toBeUndefined();
    expect(denialOf({ identity: read([statement]) }, requirement, context)).toBeDefined();
  });
});

describe("what is not simulated is refused by name", () => {
  it.each([
    [{ Principal: "*" }, 'Unrecognized key: "Principal"'],
    [{ Effect: "Maybe" }, '"Allow"|"Deny"'],
    [{ Action: undefined }, "Action or NotAction is needed, not both"],
    [{ NotAction: "s3:*" }, "Action or NotAction is needed, not both"],
    [{ Action: "CreateVpc" }, "'CreateVpc' is no action: it must be '*' or 'service:Name'"],
    [{ Action: 5 }, "must be a string, or a list of strings"],
    [{ NotResource: "*" }, "Resource or NotResource is needed, not both"],
    [{ Resource: "vpc/*" }, "'vpc/*' is no resource: it must be '*' or an ARN"],
    [{ Condition: { IpAddress: { "aws:RequestedRegion": "x" } } }, "the condition operator IpAddress is not simulated"],
    [{ Condition: { StringEquals: { "aws:SourceIp": "x" } } }, "the condition key aws:SourceIp is not simulated"],
    [
      { Condition: { StringEquals: { "aws:TagKeys": "x" } } },
      "aws:TagKeys has many values: StringEquals must be ForAllValues:StringEquals or ForAnyValue:StringEquals",
    ],
    [
      { Condition: { StringEquals: { "aws:username": "${saml:sub}" } } },
      "the policy variable ${saml:sub} is not simulated",
    ],
    [{ Condition: { ArnLike: { "aws:PrincipalArn": "*" } } }, "'*' is no ARN, as ArnLike needs it"],
  ])("%j", (change, message) => {
    const result = policyDocument.safeParse({ Version: "2012-10-17", Statement: { ...allow, ...change } });
    expect(result.error?.issues.map((issue) => issue.message).join("\n")).toContain(message);
  });

  it("a version that there is not", () => {
    const { error } = policyDocument.safeParse({ Version: "2020-01-01", Statement: [] });
    expect(error?.issues[0]?.message).toBe("there is no such version");
  });
});
