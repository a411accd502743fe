import {
  CreateCapabilityCommand,
  type CreateCapabilityRequest,
  DeleteCapabilityCommand,
  DeleteClusterCommand,
  DescribeCapabilityCommand,
  DescribeUpdateCommand,
  ListAssociatedAccessPoliciesCommand,
  ListCapabilitiesCommand,
  ListUpdatesCommand,
  UpdateCapabilityCommand,
} from "@aws-sdk/client-eks";
import { DeleteRoleCommand } from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { type Account, cluster, makeRole, refused } from "./account.ts";

const argoCd = { awsIdc: { idcInstanceArn: "arn:aws:sso:::instance/ssoins-1" } };

/** A cluster, and a role for its capabilities. */
async function ground() {
  const here = await cluster();
  return { here, roleArn: await capabilityRole(here) };
}

/** Known everywhere. */
async function capabilityRole(here: Account): Promise<string> {
  const arn = await makeRole(here, "capabilities", "capabilities.eks");
  await here.pass(durations.iamPropagation);
  return arn;
}

function create({ eks }: Account, roleArn: string, changes: Partial<CreateCapabilityRequest> = {}) {
  const request: CreateCapabilityRequest = {
    clusterName: "c",
    capabilityName: "kro",
    type: "KRO",
    roleArn,
    deletePropagationPolicy: "RETAIN",
    ...changes,
  };
  return eks.send(new CreateCapabilityCommand(request));
}

const named = (capabilityName = "kro") => ({ clusterName: "c", capabilityName });

async function found({ eks }: Account, name?: string) {
  return (await eks.send(new DescribeCapabilityCommand(named(name)))).capability;
}

async function policiesOf({ eks }: Account, principalArn: string) {
  const { associatedAccessPolicies = [] } = await eks.send(
    new ListAssociatedAccessPoliciesCommand({ clusterName: "c", principalArn }),
  );
  return associatedAccessPolicies.map(({ policyArn, accessScope }) => [
    policyArn?.split("/").at(-1),
    ...(accessScope?.namespaces ?? []),
  ]);
}

describe("a capability", () => {
  test("takes its time to come and go, and keeps its cluster from being deleted", async () => {
    const { here, roleArn } = await ground();
    expect(await create(here, roleArn)).toMatchObject({ capability: { status: "CREATING" } });
    await here.pass(durations.capabilityCreate);
    expect(await found(here)).toMatchObject({ status: "ACTIVE", health: { issues: [] }, version: "v0.6.3" });
    expect(await here.eks.send(new ListCapabilitiesCommand({ clusterName: "c" }))).toMatchObject({
      capabilities: [{ capabilityName: "kro", type: "KRO", status: "ACTIVE" }],
    });
    await refused(
      here.eks.send(new DeleteClusterCommand({ name: "c" })),
      "ResourceInUseException",
      "capabilities attached",
    );
    expect(await here.eks.send(new DeleteCapabilityCommand(named()))).toMatchObject({
      capability: { status: "DELETING" },
    });
    await here.pass(durations.capabilityDelete);
    await refused(found(here), "ResourceNotFoundException", "kro");
  });

  test("is the only one of its type", async () => {
    const { here, roleArn } = await ground();
    await create(here, roleArn);
    await refused(create(here, roleArn, { capabilityName: "more" }), "ResourceInUseException", "of the type KRO");
    await refused(create(here, roleArn, { type: "ACK" }), "ResourceInUseException", "already exists");
  });

  test("enters by an access entry of its role, which EKS makes and leaves", async () => {
    const { here, roleArn } = await ground();
    await create(here, roleArn);
    await create(here, roleArn, {
      capabilityName: "argocd",
      type: "ARGOCD",
      configuration: { argoCd: { ...argoCd, namespace: "gitops" } },
    });
    expect(await policiesOf(here, roleArn)).toEqual([
      ["AmazonEKSKROPolicy"],
      ["AmazonEKSArgoCDClusterPolicy"],
      ["AmazonEKSArgoCDPolicy", "gitops"],
    ]);
    await here.pass(durations.capabilityCreate);
    await here.eks.send(new DeleteCapabilityCommand(named()));
    await here.pass(durations.capabilityDelete);
    expect(await policiesOf(here, roleArn)).toContainEqual(["AmazonEKSKROPolicy"]);
  });

  test("is not let in by the access entry of an older role of that name", async () => {
    const { here, roleArn } = await ground();
    await create(here, roleArn);
    await here.pass(durations.capabilityCreate);
    await here.eks.send(new DeleteCapabilityCommand(named()));
    await here.pass(durations.capabilityDelete);
    await here.iam.send(new DeleteRoleCommand({ RoleName: "capabilities" }));
    expect(await capabilityRole(here)).toBe(roleArn);
    await create(here, roleArn);
    await here.pass(durations.capabilityCreate);
    expect(await found(here)).toMatchObject({
      status: "CREATE_FAILED",
      health: { issues: [{ code: "AccessDenied" }] },
    });
  });

  test("of Argo CD needs IAM Identity Center; others take no settings; the role trusts EKS's capabilities", async () => {
    const { here, roleArn } = await ground();
    const type = "ARGOCD";
    await refused(create(here, roleArn, { type }), "InvalidParameterException", "IAM Identity Center");
    const configuration = { argoCd };
    await refused(create(here, roleArn, { configuration }), "InvalidParameterException", "no configuration");
    const nodes = await makeRole(here, "nodes", "ec2");
    await refused(create(here, nodes), "InvalidParameterException", "could not be assumed");
  });

  test("changes by an update of its own: mappings identity by identity", async () => {
    const { here, roleArn } = await ground();
    const ann = { id: "ann", type: "SSO_USER" } as const;
    const bob = { id: "bob", type: "SSO_USER" } as const;
    await create(here, roleArn, {
      type: "ARGOCD",
      configuration: { argoCd: { ...argoCd, rbacRoleMappings: [{ role: "ADMIN", identities: [ann] }] } },
    });
    await here.pass(durations.capabilityCreate);
    const rbacRoleMappings = {
      addOrUpdateRoleMappings: [{ role: "ADMIN" as const, identities: [bob] }],
      removeRoleMappings: [{ role: "ADMIN" as const, identities: [ann] }],
    };
    const configuration = { argoCd: { rbacRoleMappings, networkAccess: { vpceIds: ["vpce-1"] } } };
    const { update } = await here.eks.send(new UpdateCapabilityCommand({ ...named(), configuration }));
    expect(update).toMatchObject({ type: "CapabilityUpdate", status: "InProgress" });
    await refused(here.eks.send(new UpdateCapabilityCommand(named())), "ResourceInUseException", "UPDATING");
    await here.pass(durations.capabilityUpdate);
    const of = { name: "c", capabilityName: "kro" };
    expect(await here.eks.send(new ListUpdatesCommand(of))).toMatchObject({ updateIds: [update?.id] });
    expect(await here.eks.send(new DescribeUpdateCommand({ ...of, updateId: update?.id }))).toMatchObject({
      update: { status: "Successful" },
    });
    expect(await found(here)).toMatchObject({
      status: "ACTIVE",
      configuration: {
        argoCd: { rbacRoleMappings: [{ role: "ADMIN", identities: [bob] }], networkAccess: { vpceIds: ["vpce-1"] } },
      },
    });
  });
});
