import {
  AssociateAccessPolicyCommand,
  type AssociateAccessPolicyRequest,
  CreateAccessEntryCommand,
  type CreateAccessEntryRequest,
  DeleteAccessEntryCommand,
  DeleteNodegroupCommand,
  DescribeAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  ListAccessEntriesCommand,
  ListAccessPoliciesCommand,
  ListAssociatedAccessPoliciesCommand,
  UpdateAccessEntryCommand,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import { DeleteRoleCommand, DetachRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  type Account,
  cluster,
  clusterForNodes,
  clusterWithNodes,
  createNodegroup,
  describeNodegroup,
  makeNodeRole,
  makeRole,
  present,
  refused,
} from "./account.ts";

const viewPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

function create({ eks }: Account, principalArn: string, changes: Partial<CreateAccessEntryRequest> = {}) {
  return eks.send(new CreateAccessEntryCommand({ clusterName: "c", principalArn, ...changes }));
}

async function describeEntry({ eks }: Account, principalArn: string) {
  const answer = await eks.send(new DescribeAccessEntryCommand({ clusterName: "c", principalArn }));
  return present(answer.accessEntry);
}

function remove({ eks }: Account, principalArn: string) {
  return eks.send(new DeleteAccessEntryCommand({ clusterName: "c", principalArn }));
}

async function list({ eks }: Account, associatedPolicyArn?: string) {
  return (await eks.send(new ListAccessEntriesCommand({ clusterName: "c", associatedPolicyArn }))).accessEntries;
}

function associate({ eks }: Account, principalArn: string, changes: Partial<AssociateAccessPolicyRequest> = {}) {
  return eks.send(
    new AssociateAccessPolicyCommand({
      clusterName: "c",
      principalArn,
      policyArn: viewPolicy,
      accessScope: { type: "cluster" },
      ...changes,
    }),
  );
}

async function clusterWithPerson() {
  const here = await cluster();
  const person = await makeRole(here, "person", "ec2", [], "/team/");
  await here.pass(durations.iamPropagation);
  return { here, person };
}

describe("access entries", () => {
  test("are made, changed and deleted", async () => {
    const { here, person } = await clusterWithPerson();
    await create(here, person, { kubernetesGroups: ["viewers"], tags: { a: "b" } });
    expect(await describeEntry(here, person)).toMatchObject({
      type: "STANDARD",
      kubernetesGroups: ["viewers"],
      username: "arn:aws:sts::111122223333:assumed-role/person/{{SessionName}}",
      accessEntryArn: expect.stringMatching(/access-entry\/c\/role\/111122223333\/person\//),
      tags: { a: "b" },
    });
    const change = { kubernetesGroups: [], username: "someone" };
    await here.eks.send(new UpdateAccessEntryCommand({ clusterName: "c", principalArn: person, ...change }));
    expect(await describeEntry(here, person)).toMatchObject(change);
    await remove(here, person);
    await refused(describeEntry(here, person), "ResourceNotFoundException", "principalArn could not be found");
    await refused(remove(here, person), "ResourceNotFoundException", "principalArn could not be found");
  });

  test("the principal must exist, and have no entry yet", async () => {
    const { here, person } = await clusterWithPerson();
    const nobody = "arn:aws:iam::111122223333:role/nobody";
    await refused(create(here, nobody), "InvalidParameterException", "invalid principal");
    await create(here, person, { clientRequestToken: "once" });
    await create(here, person, { clientRequestToken: "once" });
    await refused(create(here, person), "ResourceInUseException", "already in use");
  });

  test("those of nodes take no groups, names and policies", async () => {
    const here = await cluster();
    const groups = { type: "EC2_LINUX", kubernetesGroups: ["x"] };
    await refused(create(here, here.nodeRole, groups), "InvalidParameterException", "kubernetesGroups");
    await create(here, here.nodeRole, { type: "EC2_LINUX" });
    expect(await describeEntry(here, here.nodeRole)).toMatchObject({
      type: "EC2_LINUX",
      kubernetesGroups: ["system:nodes"],
      username: "system:node:{{EC2PrivateDNSName}}",
    });
    await refused(associate(here, here.nodeRole), "InvalidParameterException", "EC2_LINUX");
  });

  test("those of Auto Mode's nodes take policies", async () => {
    const here = await cluster();
    await create(here, here.nodeRole, { type: "EC2" });
    await associate(here, here.nodeRole);
    expect((await describeEntry(here, here.nodeRole)).kubernetesGroups).toEqual(["system:nodes"]);
  });

  test("groups of Kubernetes' own are refused", async () => {
    const { here, person } = await clusterWithPerson();
    const groups = { kubernetesGroups: ["system:masters"] };
    await refused(create(here, person, groups), "InvalidParameterException", "system:masters");
  });

  test("are not to be had with the ConfigMap alone", async () => {
    const here = await cluster({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
    await refused(create(here, here.nodeRole), "InvalidRequestException", "authentication mode must be set to one of");
  });
});

describe("access policies", () => {
  test("are associated with a scope, changed and taken away", async () => {
    const { here, person } = await clusterWithPerson();
    await create(here, person);
    await associate(here, person);
    await associate(here, person, { accessScope: { type: "namespace", namespaces: ["a", "b"] } });
    const listed = new ListAssociatedAccessPoliciesCommand({ clusterName: "c", principalArn: person });
    expect((await here.eks.send(listed)).associatedAccessPolicies).toMatchObject([
      { policyArn: viewPolicy, accessScope: { type: "namespace", namespaces: ["a", "b"] } },
    ]);
    expect(await list(here, viewPolicy)).toEqual([person]);
    const taken = { clusterName: "c", principalArn: person, policyArn: viewPolicy };
    await here.eks.send(new DisassociateAccessPolicyCommand(taken));
    expect((await here.eks.send(listed)).associatedAccessPolicies).toEqual([]);
    const again = here.eks.send(new DisassociateAccessPolicyCommand(taken));
    await refused(again, "ResourceNotFoundException", "not associated");
  });

  test("must be EKS's, with a scope that makes sense, for a principal that has an entry", async () => {
    const { here, person } = await clusterWithPerson();
    await refused(associate(here, person), "ResourceNotFoundException", "principalArn could not be found");
    await create(here, person);
    const cases: Partial<AssociateAccessPolicyRequest>[] = [
      { policyArn: "arn:aws:eks::aws:cluster-access-policy/Nothing" },
      { accessScope: { type: "namespace" } },
      { accessScope: { type: "cluster", namespaces: ["a"] } },
    ];
    for (const changes of cases) await refused(associate(here, person, changes), "InvalidParameterException", /./);
  });

  test("are listed page by page", async () => {
    const here = await cluster();
    const names: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await here.eks.send(new ListAccessPoliciesCommand({ nextToken }));
      names.push(...present(page.accessPolicies).map((each) => each.name));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names).toContain("AmazonEKSClusterAdminPolicy");
    expect(new Set(names).size).toBe(names.length);
  });
});

async function replaceNodeRole(here: Account): Promise<void> {
  const RoleName = "node";
  const { AttachedPolicies } = await here.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of AttachedPolicies ?? []) {
    await here.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  await here.iam.send(new DeleteRoleCommand({ RoleName }));
  await makeNodeRole(here);
  await here.pass(60);
}

describe("the entry of a node role", () => {
  test("is made by EKS, and stays when the nodegroup goes", async () => {
    const here = await clusterWithNodes();
    expect((await describeEntry(here, here.nodeRole)).type).toBe("EC2_LINUX");
    await here.eks.send(new DeleteNodegroupCommand({ clusterName: "c", nodegroupName: "ng" }));
    await here.pass(durations.nodegroupDelete);
    expect(await list(here)).toContain(here.nodeRole);
  });

  test("is kept as it is when it is there already", async () => {
    const here = await clusterForNodes();
    await create(here, here.nodeRole, { type: "EC2_LINUX", tags: { mine: "yes" } });
    await createNodegroup(here);
    expect((await describeEntry(here, here.nodeRole)).tags).toEqual({ mine: "yes" });
  });

  test("lets in only the role that it was made for, not its successor of the same name", async () => {
    const here = await clusterWithNodes();
    await here.eks.send(new DeleteNodegroupCommand({ clusterName: "c", nodegroupName: "ng" }));
    await here.pass(durations.nodegroupDelete);
    await replaceNodeRole(here);
    await createNodegroup(here, { nodegroupName: "next" });
    await here.pass(15 * 60);
    expect(await describeNodegroup(here, "next")).toMatchObject({
      status: "CREATE_FAILED",
      health: { issues: [{ code: "NodeCreationFailure", message: "Instances failed to join the kubernetes cluster" }] },
    });

    await remove(here, here.nodeRole);
    await createNodegroup(here, { nodegroupName: "last" });
    await here.pass(durations.nodegroupCreate);
    expect((await describeNodegroup(here, "last")).status).toBe("ACTIVE");
  });

  test("of another type lets no node in", async () => {
    const here = await clusterForNodes();
    await create(here, here.nodeRole, { type: "STANDARD" });
    await createNodegroup(here);
    await here.pass(15 * 60);
    expect((await describeNodegroup(here)).status).toBe("CREATE_FAILED");
  });

  test("is made when access entries are turned on", async () => {
    const here = await clusterWithNodes({}, { accessConfig: { authenticationMode: "CONFIG_MAP" } });
    const accessConfig = { authenticationMode: "API_AND_CONFIG_MAP" } as const;
    await here.eks.send(new UpdateClusterConfigCommand({ name: "c", accessConfig }));
    await here.pass(durations.clusterConfigUpdate);
    expect(await list(here)).toEqual(["arn:aws:iam::111122223333:user/sandbox", here.nodeRole]);
  });
});
