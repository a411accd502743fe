import {
  CreateAddonCommand,
  DeleteAddonCommand,
  DescribeAddonConfigurationCommand,
  DescribeAddonVersionsCommand,
  DescribePodIdentityAssociationCommand,
  ListAddonsCommand,
  ListPodIdentityAssociationsCommand,
  UpdateAddonCommand,
  type UpdateAddonRequest,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  account,
  type Account,
  cluster,
  clusterForNodes,
  clusterWithNodes,
  createAddon,
  createNodegroup,
  describeAddon,
  describeUpdate,
  ground,
  makeRole,
  present,
  refused,
} from "./account.ts";

function update({ eks }: Account, addonName: string, changes: Partial<UpdateAddonRequest>) {
  return eks.send(new UpdateAddonCommand({ clusterName: "c", addonName, ...changes }));
}

function remove({ eks }: Account, addonName: string, preserve = false) {
  return eks.send(new DeleteAddonCommand({ clusterName: "c", addonName, preserve }));
}

async function statusOf(here: Account, name: string): Promise<string | undefined> {
  return (await describeAddon(here, name)).status;
}

async function associations({ eks }: Account) {
  return present((await eks.send(new ListPodIdentityAssociationsCommand({ clusterName: "c" }))).associations);
}

describe("CreateAddon", () => {
  test("what runs on every node is active without nodes", async () => {
    const here = await cluster();
    for (const name of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]) await createAddon(here, name);
    await here.pass(durations.addonCreate - 1);
    expect(await statusOf(here, "vpc-cni")).toBe("CREATING");
    await here.pass(1);
    for (const name of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]) {
      expect(await statusOf(here, name)).toBe("ACTIVE");
    }
    expect(await describeAddon(here, "vpc-cni")).toMatchObject({
      addonVersion: "v1.20.5-eksbuild.1",
      owner: "aws",
      publisher: "eks",
      namespaceConfig: { namespace: "kube-system" },
      health: { issues: [] },
      tags: {},
    });
  });

  test("a Deployment is degraded until nodes are there, and then heals", async () => {
    const here = await clusterForNodes();
    await createAddon(here, "coredns");
    await here.pass(durations.addonCreate);
    expect(await describeAddon(here, "coredns")).toMatchObject({
      status: "DEGRADED",
      health: { issues: [{ code: "InsufficientNumberOfReplicas" }] },
    });
    await createNodegroup(here);
    await here.pass(durations.nodegroupCreate + durations.addonCreate - 1);
    expect(await statusOf(here, "coredns")).toBe("DEGRADED");
    await here.pass(1);
    expect(await describeAddon(here, "coredns")).toMatchObject({ status: "ACTIVE", health: { issues: [] } });
  });

  test("the time to start counts from when it can run", async () => {
    const here = await clusterForNodes();
    await createNodegroup(here);
    await here.pass(durations.nodegroupCreate - 10);
    await createAddon(here, "coredns");
    await here.pass(10 + durations.addonCreate - 1);
    expect(await statusOf(here, "coredns")).toBe("CREATING");
    await here.pass(1);
    expect(await statusOf(here, "coredns")).toBe("ACTIVE");
  });

  test("a Deployment degrades when the last node goes", async () => {
    const here = await clusterWithNodes();
    await createAddon(here, "coredns");
    await here.pass(durations.addonCreate);
    expect(await statusOf(here, "coredns")).toBe("ACTIVE");
    const scalingConfig = { minSize: 0, desiredSize: 0 };
    await here.eks.send(new UpdateNodegroupConfigCommand({ clusterName: "c", nodegroupName: "ng", scalingConfig }));
    await here.pass(durations.nodegroupConfigUpdate);
    expect(await statusOf(here, "coredns")).toBe("DEGRADED");
  });

  test("conflicts with self-managed copies unless it may overwrite them", async () => {
    const here = await cluster({ bootstrapSelfManagedAddons: true });
    await createAddon(here, "vpc-cni", { resolveConflicts: "NONE" });
    await createAddon(here, "kube-proxy", { resolveConflicts: "OVERWRITE" });
    await here.pass(durations.addonCreate);
    expect(await describeAddon(here, "vpc-cni")).toMatchObject({
      status: "CREATE_FAILED",
      health: { issues: [{ code: "ConfigurationConflict", message: expect.stringContaining("aws-node") }] },
    });
    expect(await statusOf(here, "kube-proxy")).toBe("ACTIVE");
  });

  test("a scenario lets one end degraded, or fail, and a later update heals it", async () => {
    const here = await cluster();
    const of = { resource: "addon", code: "AdmissionRequestDenied", message: "a webhook says no", times: 1 } as const;
    here.sandbox.scenario({
      failures: [
        { ...of, name: "vpc-cni", status: "DEGRADED" },
        { ...of, name: "kube-proxy" },
      ],
    });
    for (const name of ["vpc-cni", "kube-proxy"]) await createAddon(here, name);
    await here.pass(durations.addonCreate);
    expect([await statusOf(here, "vpc-cni"), await statusOf(here, "kube-proxy")]).toEqual([
      "DEGRADED",
      "CREATE_FAILED",
    ]);
    expect((await describeAddon(here, "vpc-cni")).health?.issues).toMatchObject([
      { code: "AdmissionRequestDenied", message: "a webhook says no" },
    ]);
    await here.eks.send(new UpdateAddonCommand({ clusterName: "c", addonName: "vpc-cni" }));
    await here.pass(durations.addonUpdate);
    expect(await statusOf(here, "vpc-cni")).toBe("ACTIVE");
  });

  test("a failed one stays there, and only deleting it helps", async () => {
    const here = await cluster();
    const failure = { resource: "addon", name: "vpc-cni", code: "AccessDenied", message: "no", times: 1 } as const;
    here.sandbox.scenario({ failures: [failure] });
    await createAddon(here, "vpc-cni");
    await here.pass(durations.addonCreate);
    expect(await describeAddon(here, "vpc-cni")).toMatchObject({
      status: "CREATE_FAILED",
      health: { issues: [{ code: "AccessDenied", message: "no" }] },
    });
    await refused(createAddon(here, "vpc-cni"), "ResourceInUseException", "Addon already exists");
    await refused(
      update(here, "vpc-cni", { resolveConflicts: "OVERWRITE" }),
      "InvalidRequestException",
      "CREATE_FAILED",
    );
    await remove(here, "vpc-cni");
    await here.pass(durations.addonDelete);
    await createAddon(here, "vpc-cni");
    await here.pass(durations.addonCreate);
    expect(await statusOf(here, "vpc-cni")).toBe("ACTIVE");
  });

  test("the version must run on the cluster's minor", async () => {
    const here = await cluster();
    await refused(
      createAddon(here, "kube-proxy", { addonVersion: "v1.35.0-eksbuild.2" }),
      "InvalidParameterException",
      "Addon version specified is not supported",
    );
    await refused(createAddon(here, "kube-dns"), "InvalidParameterException", "not supported");
    await createAddon(here, "kube-proxy", { addonVersion: "v1.33.5-eksbuild.2" });
  });

  test("the configuration must fit the schema", async () => {
    const here = await cluster();
    const configured = (configurationValues: string) => createAddon(here, "coredns", { configurationValues });
    for (const text of ['{"replicas":3}', '{"replicaCount":"three"}', "{"]) {
      await refused(configured(text), "InvalidParameterException", "ConfigurationValue provided in request");
    }
    await configured('{"replicaCount":3,"resources":{"limits":{"memory":"170Mi"}}}');
    expect((await describeAddon(here, "coredns")).configurationValues).toContain('"replicaCount":3');
    await createAddon(here, "metrics-server", { configurationValues: "replicas: 2\n" });
    expect((await describeAddon(here, "metrics-server")).configurationValues).toBe("replicas: 2\n");
  });

  test("the role of its service account must exist", async () => {
    const here = await cluster();
    const serviceAccountRoleArn = "arn:aws:iam::111122223333:role/nobody";
    await refused(createAddon(here, "vpc-cni", { serviceAccountRoleArn }), "InvalidParameterException", "nobody");
  });

  test("needs a cluster that is up", async () => {
    const here = await ground();
    await refused(createAddon(here, "vpc-cni"), "ResourceNotFoundException", "No cluster found for name: c.");
  });

  test("the same request with its token gives the same add-on", async () => {
    const here = await cluster();
    const first = await createAddon(here, "vpc-cni", { clientRequestToken: "once" });
    const again = await createAddon(here, "vpc-cni", { clientRequestToken: "once" });
    expect(again.addon?.addonArn).toBe(first.addon?.addonArn);
  });
});

async function withRole() {
  const here = await clusterWithNodes();
  const roleArn = await makeRole(here, "ebs", "pods.eks");
  await here.pass(durations.iamPropagation);
  return { here, podIdentityAssociations: [{ serviceAccount: "ebs-csi-controller-sa", roleArn }] };
}

describe("pod identity of add-ons", () => {
  test("an add-on has its associations, and waits for the agent", async () => {
    const { here, podIdentityAssociations } = await withRole();
    await createAddon(here, "aws-ebs-csi-driver", { podIdentityAssociations });
    await here.pass(durations.addonCreate);
    const addon = await describeAddon(here, "aws-ebs-csi-driver");
    expect(addon).toMatchObject({ status: "DEGRADED", podIdentityAssociations: [expect.stringMatching(/\/a-/)] });
    expect(await associations(here)).toMatchObject([
      { serviceAccount: "ebs-csi-controller-sa", ownerArn: addon.addonArn, namespace: "kube-system" },
    ]);
    await createAddon(here, "eks-pod-identity-agent");
    await here.pass(durations.addonCreate);
    expect(await statusOf(here, "aws-ebs-csi-driver")).toBe("ACTIVE");
  });

  test("service account and role must fit", async () => {
    const { here, podIdentityAssociations } = await withRole();
    const [association] = podIdentityAssociations;
    const cases = [
      createAddon(here, "coredns", { podIdentityAssociations }),
      createAddon(here, "aws-ebs-csi-driver", {
        podIdentityAssociations: [{ ...present(association), serviceAccount: "other" }],
      }),
      createAddon(here, "aws-ebs-csi-driver", {
        podIdentityAssociations: [{ ...present(association), roleArn: here.nodeRole }],
      }),
    ];
    for (const each of cases) await refused(each, "InvalidParameterException", /not supported|could not be assumed/);
  });

  test("only some versions take it, and say so beforehand", async () => {
    const { here, podIdentityAssociations } = await withRole();
    const [addonVersion, ordinary] = ["v1.51.1-eksbuild.1", "v1.53.0-eksbuild.1"];
    const wanted = { addonVersion, podIdentityAssociations };
    const message = `Pod Identity feature is not supported for addon version: ${addonVersion}`;
    await refused(createAddon(here, "aws-ebs-csi-driver", wanted), "InvalidParameterException", message);
    const { addons } = await here.eks.send(new DescribeAddonVersionsCommand({ addonName: "aws-ebs-csi-driver" }));
    const versions = addons?.[0]?.addonVersions ?? [];
    const asksFor = (version: string) => versions.find((each) => each.addonVersion === version)?.requiresIamPermissions;
    expect([asksFor(addonVersion), asksFor(ordinary)]).toEqual([false, true]);
    await createAddon(here, "aws-ebs-csi-driver", { ...wanted, addonVersion: ordinary });
    const other = [{ ...present(podIdentityAssociations[0]), serviceAccount: "other" }];
    const efs = createAddon(here, "aws-efs-csi-driver", { podIdentityAssociations: other });
    await refused(efs, "InvalidParameterException", "Service account other in pod identity configuration is not");
  });

  test("an update replaces the list, an empty one removes all, and they go with the add-on", async () => {
    const { here, podIdentityAssociations } = await withRole();
    await createAddon(here, "aws-ebs-csi-driver");
    await createAddon(here, "eks-pod-identity-agent");
    await here.pass(durations.addonCreate);
    for (const list of [podIdentityAssociations, [], podIdentityAssociations]) {
      await update(here, "aws-ebs-csi-driver", { podIdentityAssociations: list });
      await here.pass(durations.addonUpdate);
      expect(await associations(here)).toHaveLength(list.length);
    }
    const [{ associationId } = { associationId: "" }] = await associations(here);
    const described = await here.eks.send(
      new DescribePodIdentityAssociationCommand({ clusterName: "c", associationId }),
    );
    expect(described.association?.roleArn).toBe(podIdentityAssociations[0]?.roleArn);
    await remove(here, "aws-ebs-csi-driver");
    await here.pass(durations.addonDelete);
    expect(await associations(here)).toEqual([]);
  });
});

describe("UpdateAddon", () => {
  test("runs its time, one at a time", async () => {
    const here = await cluster();
    await createAddon(here, "vpc-cni");
    await refused(update(here, "vpc-cni", {}), "ResourceInUseException", "CREATING");
    await here.pass(durations.addonCreate);
    const addonVersion = "v1.21.1-eksbuild.3";
    const started = present((await update(here, "vpc-cni", { addonVersion })).update);
    expect(started).toMatchObject({ type: "AddonUpdate", params: [{ type: "AddonVersion", value: addonVersion }] });
    await refused(update(here, "vpc-cni", {}), "ResourceInUseException", "UPDATING");
    await here.pass(durations.addonUpdate);
    expect(await describeAddon(here, "vpc-cni")).toMatchObject({ status: "ACTIVE", addonVersion });
    expect((await describeUpdate(here, started, { addonName: "vpc-cni" })).status).toBe("Successful");
  });

  test("what it does not name stays", async () => {
    const here = await cluster();
    await createAddon(here, "vpc-cni", { configurationValues: '{"env":{"WARM_IP_TARGET":"5"}}' });
    await here.pass(durations.addonCreate);
    await update(here, "vpc-cni", { addonVersion: "v1.21.1-eksbuild.3" });
    await here.pass(durations.addonUpdate);
    expect((await describeAddon(here, "vpc-cni")).configurationValues).toContain("WARM_IP_TARGET");
  });
});

test("a deleted add-on goes; preserved, its objects stay and conflict with a new one", async () => {
  const here = await cluster();
  await createAddon(here, "vpc-cni");
  await here.pass(durations.addonCreate);
  expect((await remove(here, "vpc-cni", true)).addon?.status).toBe("DELETING");
  await here.pass(durations.addonDelete);
  expect((await here.eks.send(new ListAddonsCommand({ clusterName: "c" }))).addons).toEqual([]);
  await createAddon(here, "vpc-cni");
  await here.pass(durations.addonCreate);
  expect(await statusOf(here, "vpc-cni")).toBe("CREATE_FAILED");
});

describe("the catalogue", () => {
  test("has several versions a minor, one of them the default", async () => {
    const { eks } = await account();
    for (const kubernetesVersion of ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"]) {
      const answer = await eks.send(new DescribeAddonVersionsCommand({ kubernetesVersion, maxResults: 100 }));
      expect(answer.addons).toHaveLength(22);
      for (const { addonName, addonVersions } of answer.addons ?? []) {
        const compatible = (addonVersions ?? []).flatMap((each) => each.compatibilities ?? []);
        const defaults = compatible.filter((each) => each.defaultVersion);
        expect([addonName, kubernetesVersion, defaults.length]).toEqual([addonName, kubernetesVersion, 1]);
        expect(compatible.every((each) => each.clusterVersion === kubernetesVersion)).toBe(true);
        expect(compatible.length, `${addonName} on ${kubernetesVersion}`).toBeGreaterThan(1);
      }
    }
  });

  test("has community add-ons in the commercial partition only", async () => {
    const { eks } = await account("cn-north-1");
    const { addons } = await eks.send(new DescribeAddonVersionsCommand({ addonName: "metrics-server" }));
    expect(addons).toEqual([]);
  });

  test("describes configuration and pod identity", async () => {
    const { eks } = await account();
    const described = await eks.send(
      new DescribeAddonConfigurationCommand({
        addonName: "aws-ebs-csi-driver",
        addonVersion: "v1.53.0-eksbuild.1",
      }),
    );
    expect(JSON.parse(described.configurationSchema ?? "")).toMatchObject({
      type: "object",
      properties: { controller: {}, node: {} },
      additionalProperties: false,
    });
    expect(described.podIdentityConfiguration).toEqual([
      {
        serviceAccount: "ebs-csi-controller-sa",
        recommendedManagedPolicies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
      },
    ]);
    const unknown = eks.send(new DescribeAddonConfigurationCommand({ addonName: "coredns", addonVersion: "v0" }));
    await refused(unknown, "ResourceNotFoundException", "coredns");
  });

  test("an add-on of another cluster is not found", async () => {
    const here = await cluster();
    await refused(describeAddon(here, "vpc-cni"), "ResourceNotFoundException", "No addon: vpc-cni found in cluster: c");
    const input = { clusterName: "d", addonName: "vpc-cni" };
    await refused(here.eks.send(new CreateAddonCommand(input)), "ResourceNotFoundException", "name: d");
  });
});
