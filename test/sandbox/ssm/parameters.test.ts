import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  RemoveTagsFromResourceCommand,
  paginateGetParametersByPath,
} from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { clientsOf, refusal } from "../clients.ts";

let sandbox: Sandbox;
let ssm: ReturnType<typeof clientsOf>["ssm"];
beforeEach(async () => {
  sandbox = await startTestSandbox();
  ({ ssm } = clientsOf(sandbox));
});
afterEach(() => sandbox.close());

const aMoment = () => sandbox.clock.sleep(5000);
const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value: "v", Type: "String", ...more }));
const namesBelow = async (Path: string, Recursive = false) =>
  (await ssm.send(new GetParametersByPathCommand({ Path, Recursive }))).Parameters?.map(({ Name }) => Name);

describe("a parameter", () => {
  it("is made once: the second request without Overwrite is refused, whoever sends it", async () => {
    const both = await Promise.allSettled([put("/a/b", { Value: "one" }), put("/a/b", { Value: "two" })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await refusal(put("/a/b"))).toMatchObject({ name: "ParameterAlreadyExists", status: 400 });
    expect(await put("/a/b", { Value: "three", Overwrite: true })).toMatchObject({ Version: 2, Tier: "Standard" });
    await aMoment();
    expect((await ssm.send(new GetParameterCommand({ Name: "/a/b" }))).Parameter).toMatchObject({
      Value: "three",
      Version: 2,
      Type: "String",
      ARN: "arn:aws:ssm:us-west-2:111122223333:parameter/a/b",
      LastModifiedDate: new Date(sandbox.clock.now() - 5000),
    });
  });

  it("shows in reads a moment after it was made", async () => {
    await put("/a/b");
    expect(await namesBelow("/a")).toEqual([]);
    expect(await refusal(ssm.send(new GetParameterCommand({ Name: "/a/b" })))).toMatchObject({
      name: "ParameterNotFound",
    });
    await aMoment();
    expect(await namesBelow("/a")).toEqual(["/a/b"]);
    expect(await put("/a/b", { Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await namesBelow("/a")).toEqual(["/a/b"]);
  });

  it("exists once per region", async () => {
    await put("/a/b");
    const elsewhere = clientsOf(sandbox, { region: "eu-west-1" }).ssm;
    await elsewhere.send(new PutParameterCommand({ Name: "/a/b", Value: "v", Type: "String" }));
    await elsewhere.send(new DeleteParameterCommand({ Name: "/a/b" }));
    await aMoment();
    expect(await namesBelow("/a")).toEqual(["/a/b"]);
    expect(await refusal(elsewhere.send(new DeleteParameterCommand({ Name: "/a/b" })))).toMatchObject({
      name: "ParameterNotFound",
    });
  });

  it("counts its versions anew when it was deleted and made again by an overwrite", async () => {
    await put("/a/b");
    await put("/a/b", { Overwrite: true });
    await ssm.send(new DeleteParameterCommand({ Name: "/a/b" }));
    expect(await put("/a/b", { Overwrite: true })).toMatchObject({ Version: 1 });
  });

  it.each([
    ["ssm-thing", "ValidationException", /can't be prefixed with "ssm"/],
    ["/SSM/thing", "ValidationException", /can't be prefixed with "ssm"/],
    ["/aws/thing", "AccessDeniedException", /No access to reserved parameter name/],
    ["/a b", "ValidationException", /each sub-path can be formed/],
    ["a/b", "ValidationException", /fully qualified name/],
    [`/${Array.from({ length: 16 }, () => "a").join("/")}`, "HierarchyLevelLimitExceededException", /15 levels/],
    [`/${"a".repeat(1000)}`, "ValidationException", /1011 characters/],
  ])("cannot be called %s", async (name, code, message) => {
    expect(await refusal(put(name))).toMatchObject({ name: code, message: expect.stringMatching(message) });
  });

  it("holds 4 KB at most, and something", async () => {
    await put("/a/full", { Value: "x".repeat(4096) });
    expect(await refusal(put("/a/more", { Value: "x".repeat(4097) }))).toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("4096 characters"),
    });
    expect(await refusal(put("/a/none", { Value: "" }))).toMatchObject({ name: "ValidationException" });
  });

  it("gets tags when it is made, and afterwards only by tagging it", async () => {
    const Tags = [{ Key: "a", Value: "b" }];
    await put("/a/b", { Tags });
    expect(await refusal(put("/a/b", { Tags, Overwrite: true }))).toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("tags and overwrite can't be used together"),
    });
    const resource = { ResourceType: "Parameter", ResourceId: "/a/b" } as const;
    await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: "c", Value: "d" }] }));
    await ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ["a"] }));
    await put("/a/b", { Overwrite: true });
    expect((await ssm.send(new ListTagsForResourceCommand(resource))).TagList).toEqual([{ Key: "c", Value: "d" }]);
    expect(
      await refusal(ssm.send(new ListTagsForResourceCommand({ ...resource, ResourceId: "/a/none" }))),
    ).toMatchObject({ name: "InvalidResourceId" });
  });
});

describe("parameters", () => {
  it("are listed by path, ten a page at most", async () => {
    for (let index = 10; index < 22; index++) await put(`/a/${index}`);
    for (const other of ["/a/deep/er", "/ab", "/b/a"]) await put(other);
    await aMoment();
    const pages = [];
    for await (const page of paginateGetParametersByPath({ client: ssm }, { Path: "/a" })) {
      pages.push(page.Parameters?.map(({ Name }) => Name));
    }
    expect(pages.map((page) => page?.length)).toEqual([10, 2]);
    expect(await namesBelow("/a/deep/")).toEqual(["/a/deep/er"]);
    expect(await namesBelow("/b", true)).toEqual(["/b/a"]);
    const asked = (more: object) => refusal(ssm.send(new GetParametersByPathCommand({ Path: "/a", ...more })));
    expect(await asked({ MaxResults: 11 })).toMatchObject({ name: "ValidationException" });
    expect(await asked({ NextToken: "none" })).toMatchObject({ name: "InvalidNextToken" });
    expect(await asked({ Path: "a" })).toMatchObject({ name: "ValidationException" });
  });

  it("are read and deleted by name, ten at most, and those that are not there are named", async () => {
    await put("/a");
    await put("/b");
    await aMoment();
    const Names = ["/a", "/none"];
    expect(await ssm.send(new GetParametersCommand({ Names }))).toMatchObject({
      Parameters: [{ Name: "/a" }],
      InvalidParameters: ["/none"],
    });
    expect(await ssm.send(new DeleteParametersCommand({ Names }))).toMatchObject({
      DeletedParameters: ["/a"],
      InvalidParameters: ["/none"],
    });
    expect(await namesBelow("/")).toEqual(["/b"]);
    const eleven = Array.from({ length: 11 }, (_, index) => `/p${index}`);
    expect(await refusal(ssm.send(new DeleteParametersCommand({ Names: eleven })))).toMatchObject({
      name: "ValidationException",
    });
  });

  it("are changed three times a second, and read more often", async () => {
    const strict = await startTestSandbox({ throttle: true });
    try {
      const client = clientsOf(strict).ssm;
      const Parameter = { Value: "v", Type: "String" } as const;
      const change = (Name: string) => client.send(new PutParameterCommand({ Name, ...Parameter }));
      for (const name of ["/a", "/b", "/c"]) await change(name);
      expect(await refusal(change("/d"))).toMatchObject({ name: "ThrottlingException" });
      await client.send(new GetParametersByPathCommand({ Path: "/" }));
      await strict.clock.sleep(1000);
      await change("/d");
    } finally {
      await strict.close();
    }
  });
});

describe("public parameters", () => {
  it("name the images for nodes, of each system and version that there is", async () => {
    const get = async (name: string) => {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `/aws/service/${name}` }));
      return Parameter?.Value;
    };
    const al2023 = await get("eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/image_id");
    expect(al2023).toMatch(/^ami-0[0-9a-f]{16}$/);
    const bottlerocket = await get("bottlerocket/aws-k8s-1.34/arm64/latest/image_id");
    expect(new Set([al2023, bottlerocket]).size).toBe(2);
    for (const name of ["bottlerocket/aws-k8s-1.9/arm64/latest/image_id", "eks/none"]) {
      expect((await refusal(get(name))).name).toBe("ParameterNotFound");
    }
  });
});
