import { describe, expect, it } from "vitest";
import { type ExecPluginOptions, execPlugin } from "../../src/operations/exec-plugin.ts";
import { selects } from "../../src/operations/select.ts";

describe("choosing nodegroups by globs", () => {
  const names = ["ng-1", "ng-22", "spot.a", "spotXa"];
  it.each([
    [[], [], names],
    [["ng-*"], [], ["ng-1", "ng-22"]],
    [["ng-?"], [], ["ng-1"]],
    [["ng-[13]"], [], ["ng-1"]],
    [["spot.*"], [], ["spot.a"]],
    [[], ["spot*"], ["ng-1", "ng-22"]],
    [["ng-*"], ["ng-1"], ["ng-22"]],
    [["n"], [], []],
  ])("include %j exclude %j", (include, exclude, chosen) => {
    expect(names.filter(selects({ include, exclude }))).toEqual(chosen);
  });
});

describe("the kubeconfig's exec entry", () => {
  const base: ExecPluginOptions = {
    authenticator: "ekstool",
    self: ["/usr/bin/node", "/opt/ekstool.js"],
    selfOptions: ["--sandbox=/tmp/a"],
    cluster: "demo",
    isLocalCluster: false,
    region: "eu-west-1",
    profile: "work",
    roleArn: "arn:aws:iam::111122223333:role/admin",
  };
  it("names a local cluster by its id", () => {
    const local = { ...base, cluster: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", isLocalCluster: true };
    expect(execPlugin(local).args).toEqual(expect.arrayContaining(["token", "--cluster-id", local.cluster]));
    const byAws = execPlugin({ ...local, authenticator: "aws" }).args;
    expect(byAws).toEqual(expect.arrayContaining(["get-token", "--cluster-id", local.cluster]));
  });

  it("starts this tool by its full path", () => {
    expect(execPlugin(base)).toEqual({
      command: "/usr/bin/node",
      args: [
        "/opt/ekstool.js",
        "token",
        "--cluster",
        "demo",
        "--region",
        "eu-west-1",
        "--role-arn",
        "arn:aws:iam::111122223333:role/admin",
        "--sandbox=/tmp/a",
      ],
      env: { AWS_STS_REGIONAL_ENDPOINTS: "regional", AWS_PROFILE: "work" },
    });
  });
  it("can be the AWS CLI, or aws-iam-authenticator", () => {
    expect(execPlugin({ ...base, authenticator: "aws" })).toMatchObject({
      command: "aws",
      args: [
        "eks",
        "get-token",
        "--output",
        "json",
        "--cluster-name",
        "demo",
        "--region",
        "eu-west-1",
        "--role-arn",
        base.roleArn,
      ],
    });
    expect(execPlugin({ ...base, authenticator: "aws-iam-authenticator" })).toEqual({
      command: "aws-iam-authenticator",
      args: ["token", "-i", "demo", "-r", base.roleArn],
      env: { AWS_STS_REGIONAL_ENDPOINTS: "regional", AWS_PROFILE: "work", AWS_DEFAULT_REGION: "eu-west-1" },
    });
  });
});
