import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRoleTagsCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  paginateListRoles,
  type CreateRoleCommandInput,
} from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { roleByArn } from "../../../src/sandbox/services/iam/internal.ts";
import { clientsOf, refusal } from "../clients.ts";
import { permissionsOf, trustOf } from "../policies.ts";

let sandbox: Sandbox;
let iam: ReturnType<typeof clientsOf>["iam"];
beforeEach(async () => {
  sandbox = await startTestSandbox();
  ({ iam } = clientsOf(sandbox));
});
afterEach(() => sandbox.close());

const RoleName = "r";
const clusterPolicy = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
const createRole = (input: Partial<CreateRoleCommandInput> = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustOf("eks.amazonaws.com"), ...input }));

const deleteRole = () => iam.send(new DeleteRoleCommand({ RoleName }));

const attach = (PolicyArn: string) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));

describe("a role", () => {
  it("is shown whole by GetRole, and without tags and boundary by ListRoles", async () => {
    const boundary = "arn:aws:iam::aws:policy/PowerUserAccess";
    const Path = "/ekstool/us-west-2/demo/";
    await createRole({ Path, Description: "of demo", PermissionsBoundary: boundary, Tags: [{ Key: "a", Value: "b" }] });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({
      Arn: "arn:aws:iam::111122223333:role/ekstool/us-west-2/demo/r",
      RoleId: expect.stringMatching(/^AROA[0-9A-F]{17}$/),
      Description: "of demo",
      MaxSessionDuration: 3600,
      PermissionsBoundary: { PermissionsBoundaryArn: boundary },
      Tags: [{ Key: "a", Value: "b" }],
    });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(trustOf("eks.amazonaws.com"));
    const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: "/ekstool/us-west-2/" }));
    expect(Roles).toHaveLength(1);
    expect(Roles?.[0]).not.toHaveProperty("Tags");
    expect(Roles?.[0]).not.toHaveProperty("PermissionsBoundary");
    expect((await iam.send(new ListRolesCommand({ PathPrefix: "/other/" }))).Roles).toEqual([]);
  });

  it("is listed in pages", async () => {
    for (let index = 0; index < 45; index++) await createRole({ RoleName: `r${String(index).padStart(2, "0")}` });
    const pages = [];
    for await (const { Roles } of paginateListRoles({ client: iam }, {})) pages.push(Roles?.length);
    expect(pages).toEqual([20, 20, 5]);
    expect(await refusal(iam.send(new ListRolesCommand({ Marker: "bogus" })))).toMatchObject({
      name: "ValidationError",
    });
  });

  it("exists once, whatever the case of its name", async () => {
    await createRole();
    expect(await refusal(createRole({ RoleName: "R" }))).toEqual({
      name: "EntityAlreadyExistsException",
      message: "Role with name R already exists.",
      status: 409,
    });
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName: "none" })))).toEqual({
      name: "NoSuchEntityException",
      message: "The role with name none cannot be found.",
      status: 404,
    });
  });

  it.each([
    [{ RoleName: "a b" }, /only alphanumeric/],
    [{ RoleName: "x".repeat(65) }, /less than or equal to 64/],
    [{ Path: "no-slashes" }, /begin and end with \//],
    [{ MaxSessionDuration: 60 }, /between 3600 and 43200/],
  ])("is refused with %o", async (input, message) => {
    expect(await refusal(createRole(input))).toMatchObject({
      name: "ValidationError",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["not JSON", "{"],
    ["no statement", "{}"],
    ["no principal", permissionsOf("s3:*").replace(',"Resource":"*"', "")],
    ["a resource", trustOf("eks.amazonaws.com").replace('"Effect"', '"Resource":"*","Effect"')],
    [
      "an unknown principal",
      trustOf("eks.amazonaws.com")
        .replace('"Service"', '"AWS"')
        .replace("eks.amazonaws.com", "arn:aws:iam::111122223333:role/none"),
    ],
  ])("is refused with a trust policy that has %s", async (_, AssumeRolePolicyDocument) => {
    expect(await refusal(createRole({ AssumeRolePolicyDocument }))).toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
  });

  it("has a short trust policy", async () => {
    const long = trustOf(
      ...Array.from({ length: 60 }, (_, index) => `service-with-a-long-name-${index}.amazonaws.com`),
    );
    expect(await refusal(createRole({ AssumeRolePolicyDocument: long }))).toMatchObject({
      name: "LimitExceededException",
      message: "Cannot exceed quota for ACLSizePerRole: 2048",
    });
  });

  it("gets, changes and loses tags", async () => {
    await createRole({ Tags: [{ Key: "a", Value: "1" }] });
    await iam.send(
      new TagRoleCommand({
        RoleName,
        Tags: [
          { Key: "A", Value: "2" },
          { Key: "b", Value: "3" },
        ],
      }),
    );
    expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([
      { Key: "A", Value: "2" },
      { Key: "b", Value: "3" },
    ]);
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ["a"] }));
    expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: "b", Value: "3" }]);
    const tag = (Key: string) => iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key, Value: "x" }] }));
    expect(await refusal(tag("aws:x"))).toMatchObject({ name: "InvalidInputException" });
  });

  it("gets and loses a permissions boundary", async () => {
    await createRole();
    const put = (PermissionsBoundary: string) =>
      iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    expect(await refusal(put("arn:aws:iam::111122223333:policy/none"))).toMatchObject({
      name: "NoSuchEntityException",
    });
    await put(clusterPolicy);
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    expect((await iam.send(new GetRoleCommand({ RoleName }))).Role).not.toHaveProperty("PermissionsBoundary");
  });
});

describe("other services", () => {
  const arn = "arn:aws:iam::111122223333:role/r";

  it("know a new role, and a new trust policy, only some seconds later", async () => {
    await createRole();
    const made = sandbox.clock.now();
    expect(roleByArn(sandbox.world, arn)).toMatchObject({
      trustServices: ["eks.amazonaws.com"],
      usableAt: made + 8000,
    });
    await sandbox.clock.sleep(60_000);
    const PolicyDocument = trustOf("eks.amazonaws.com", "ec2.amazonaws.com");
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    expect(roleByArn(sandbox.world, arn)).toMatchObject({
      trustServices: ["eks.amazonaws.com", "ec2.amazonaws.com"],
      usableAt: made + 68_000,
    });
  });

  it("see another id when a role is made again", async () => {
    await createRole();
    const before = roleByArn(sandbox.world, arn);
    await iam.send(new DeleteRoleCommand({ RoleName }));
    expect(roleByArn(sandbox.world, arn)).toBeUndefined();
    await createRole();
    expect(roleByArn(sandbox.world, arn)?.id).not.toBe(before?.id);
  });
});

describe("deleting a role", () => {
  const conflict = { name: "DeleteConflictException", status: 409 };

  it("is a conflict until policies and instance profiles are gone", async () => {
    await createRole();
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: clusterPolicy }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument: permissionsOf("s3:*") }));
    const InstanceProfileName = "made-by-karpenter";
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));

    expect(await refusal(deleteRole())).toMatchObject({
      ...conflict,
      message: expect.stringContaining("instance profile"),
    });
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
    expect(await refusal(deleteRole())).toMatchObject({
      ...conflict,
      message: expect.stringContaining("detach all policies"),
    });
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: clusterPolicy }));
    expect(await refusal(deleteRole())).toMatchObject({
      ...conflict,
      message: expect.stringContaining("delete policies"),
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "p" }));
    await deleteRole();
    expect(await refusal(deleteRole())).toMatchObject({ name: "NoSuchEntityException" });
  });
});

describe("policies of a role", () => {
  it("are attached once, and only those that exist", async () => {
    await createRole();
    await attach(clusterPolicy);
    await attach(clusterPolicy);
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies).toEqual([{ PolicyName: "AmazonEKSClusterPolicy", PolicyArn: clusterPolicy }]);
    expect(await refusal(attach("arn:aws:iam::aws:policy/NoSuchPolicy"))).toMatchObject({
      name: "NoSuchEntityException",
    });
    expect(await refusal(attach("arn:aws-cn:iam::aws:policy/AmazonEKSClusterPolicy"))).toMatchObject({
      name: "NoSuchEntityException",
    });
  });

  it("are ten at most", async () => {
    await createRole();
    for (let index = 0; index < 11; index++) {
      const { Policy } = await iam.send(
        new CreatePolicyCommand({ PolicyName: `p${index}`, PolicyDocument: permissionsOf("s3:*") }),
      );
      const attached = attach(Policy?.Arn ?? "");
      if (index < 10) await attached;
      else expect(await refusal(attached)).toMatchObject({ name: "LimitExceededException" });
    }
  });

  it("are kept as they were sent when inline", async () => {
    await createRole();
    const PolicyDocument = permissionsOf("ec2:Describe*", "ümlaut:x");
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument }));
    const got = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: "p" }));
    expect(decodeURIComponent(got.PolicyDocument ?? "")).toBe(PolicyDocument);
    const put = (document: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "q", PolicyDocument: document }));
    expect(await refusal(put(trustOf("eks.amazonaws.com")))).toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
    expect(await refusal(put(permissionsOf("x:".padEnd(11_000, "y"))))).toMatchObject({
      name: "LimitExceededException",
    });
  });

  it("of one's own cannot be deleted while attached", async () => {
    await createRole();
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: permissionsOf("s3:*") }),
    );
    const PolicyArn = Policy?.Arn ?? "";
    await attach(PolicyArn);
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({ AttachmentCount: 1 });
    expect(await refusal(iam.send(new DeletePolicyCommand({ PolicyArn })))).toMatchObject({
      name: "DeleteConflictException",
    });
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
    expect(await refusal(iam.send(new GetPolicyCommand({ PolicyArn })))).toMatchObject({
      name: "NoSuchEntityException",
    });
  });
});

it("makes a service-linked role once", async () => {
  const create = new CreateServiceLinkedRoleCommand({ AWSServiceName: "eks-nodegroup.amazonaws.com" });
  expect((await iam.send(create)).Role?.Arn).toBe(
    "arn:aws:iam::111122223333:role/aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup",
  );
  expect(await refusal(iam.send(create))).toMatchObject({ name: "InvalidInputException" });
});
