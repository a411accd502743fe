import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  ListInsightsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePodIdentityAssociationCommand,
} from "@aws-sdk/client-eks";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  cluster,
  clusterWithNodes,
  createAddon,
  describeAddon,
  describeCluster,
  describeNodegroup,
  makeRole,
  present,
  refused,
} from "./account.ts";

test("clusters, nodegroups and add-ons are tagged by ARN", async () => {
  const here = await clusterWithNodes({ tags: { first: "1" } });
  await createAddon(here, "coredns");
  const arns = [
    (await describeCluster(here)).arn,
    (await describeNodegroup(here)).nodegroupArn,
    (await describeAddon(here, "coredns")).addonArn,
  ];
  for (const arn of arns) {
    const resourceArn = present(arn);
    await here.eks.send(new TagResourceCommand({ resourceArn, tags: { second: "2", third: "3" } }));
    await here.eks.send(new UntagResourceCommand({ resourceArn, tagKeys: ["second", "first"] }));
    expect((await here.eks.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ third: "3" });
    const reserved = here.eks.send(new TagResourceCommand({ resourceArn, tags: { "aws:x": "y" } }));
    await refused(reserved, "InvalidParameterException", "reserved");
  }
  expect((await describeNodegroup(here)).tags).toEqual({ third: "3" });
});

test("tags of what is not there are not found", async () => {
  const here = await cluster();
  const resourceArn = "arn:aws:eks:us-west-2:111122223333:cluster/d";
  await expect(here.eks.send(new ListTagsForResourceCommand({ resourceArn }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
});

test("a service account has one pod identity association", async () => {
  const here = await cluster();
  const roleArn = await makeRole(here, "pods", "pods.eks");
  const other = await makeRole(here, "others", "pods.eks");
  await here.pass(durations.iamPropagation);
  const create = (arn = roleArn) =>
    here.eks.send(
      new CreatePodIdentityAssociationCommand({
        clusterName: "c",
        namespace: "default",
        serviceAccount: "app",
        roleArn: arn,
      }),
    );
  await refused(create(here.nodeRole), "InvalidParameterException", "could not be assumed");
  const associationId = present((await create()).association?.associationId);
  await refused(create(), "ResourceInUseException", associationId);
  const target = { clusterName: "c", associationId };
  await here.eks.send(new UpdatePodIdentityAssociationCommand({ ...target, roleArn: other }));
  const described = await here.eks.send(new DescribePodIdentityAssociationCommand(target));
  expect(described.association).toMatchObject({ roleArn: other, namespace: "default", serviceAccount: "app" });
  await here.eks.send(new DeletePodIdentityAssociationCommand(target));
  const gone = here.eks.send(new DescribePodIdentityAssociationCommand(target));
  await refused(gone, "ResourceNotFoundException", associationId);
});

test("a pod identity association chains roles, and narrows what they allow", async () => {
  const here = await cluster();
  const roleArn = await makeRole(here, "pods", "pods.eks");
  await here.pass(durations.iamPropagation);
  const wanted = { clusterName: "c", namespace: "default", serviceAccount: "app", roleArn };
  const policy = JSON.stringify({ Statement: [] });
  await refused(
    here.eks.send(new CreatePodIdentityAssociationCommand({ ...wanted, policy })),
    "InvalidParameterException",
    "disableSessionTags",
  );
  const targetRoleArn = "arn:aws:iam::444455556666:role/target";
  const { association } = await here.eks.send(
    new CreatePodIdentityAssociationCommand({ ...wanted, targetRoleArn, policy, disableSessionTags: true }),
  );
  expect(association).toMatchObject({ targetRoleArn, policy, externalId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  const target = { clusterName: "c", associationId: present(association?.associationId) };
  const update = (changes: object) => here.eks.send(new UpdatePodIdentityAssociationCommand({ ...target, ...changes }));
  await refused(update({ disableSessionTags: false }), "InvalidParameterException", "disableSessionTags");
  await refused(update({ targetRoleArn: "target" }), "InvalidParameterException", "target");
  await refused(update({ policy: "{" }), "InvalidParameterException", "JSON");
  const cleared = (await update({ policy: "", targetRoleArn: "", disableSessionTags: false })).association;
  expect(cleared).toMatchObject({ disableSessionTags: false });
  expect(Object.keys(present(cleared))).not.toEqual(expect.arrayContaining(["policy"]));
  expect(cleared?.targetRoleArn).toBeUndefined();
});

test("no insight stands in the way of an upgrade", async () => {
  const here = await cluster();
  expect((await here.eks.send(new ListInsightsCommand({ clusterName: "c" }))).insights).toEqual([]);
});
