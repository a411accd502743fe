import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { launchTemplateByName, launchTemplateData } from "../../../src/sandbox/services/ec2/internal.ts";
import { account, type Ec2Account, present, refused, region } from "./account.ts";

const data: RequestLaunchTemplateData = {
  InstanceType: "m5.large",
  MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 2 },
  BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 80, VolumeType: "gp3" } }],
  TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "node" }] }],
};

async function make({ ec2 }: Ec2Account, more: object = {}): Promise<string> {
  const input = { LaunchTemplateName: "nodes", LaunchTemplateData: data, ...more };
  return present((await ec2.send(new CreateLaunchTemplateCommand(input))).LaunchTemplate?.LaunchTemplateId);
}

test("a template keeps its data, version by version", async () => {
  const here = await account();
  const { ec2, pass, sandbox } = here;
  const LaunchTemplateId = await make(here);
  await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId,
      SourceVersion: "1",
      VersionDescription: "bigger",
      LaunchTemplateData: { InstanceType: "m5.xlarge" },
    }),
  );
  await pass(1);
  const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ["nodes"] }));
  expect(LaunchTemplates).toMatchObject([{ LaunchTemplateId, DefaultVersionNumber: 1, LatestVersionNumber: 2 }]);

  const versions = async (...Versions: string[]) =>
    (await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions }))).LaunchTemplateVersions;
  expect(await versions("$Latest")).toMatchObject([
    { VersionNumber: 2, VersionDescription: "bigger", LaunchTemplateData: { ...data, InstanceType: "m5.xlarge" } },
  ]);
  expect((await versions("$Default"))?.[0]).toMatchObject({ VersionNumber: 1, DefaultVersion: true });
  expect((await versions())?.map((version) => version.VersionNumber)).toEqual([2, 1]);
  await refused(versions("3"), "InvalidLaunchTemplateId.VersionNotFound");

  await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: "2" }));
  expect(launchTemplateData(sandbox.world, region, LaunchTemplateId, "$Default")?.InstanceType).toBe("m5.xlarge");
  const deleted = await ec2.send(
    new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateName: "nodes", Versions: ["1", "2"] }),
  );
  expect(deleted.SuccessfullyDeletedLaunchTemplateVersions).toMatchObject([{ VersionNumber: 1 }]);
  expect(deleted.UnsuccessfullyDeletedLaunchTemplateVersions).toMatchObject([{ VersionNumber: 2 }]);
});

test("names are unique, a client token makes one template", async () => {
  const here = await account();
  const id = await make(here, { ClientToken: "one" });
  expect(await make(here, { ClientToken: "one" })).toBe(id);
  await refused(make(here, { ClientToken: "one", VersionDescription: "x" }), "IdempotentParameterMismatch");
  await refused(make(here), "InvalidLaunchTemplateName.AlreadyExistsException", /already in use/);
  await refused(make(here, { LaunchTemplateName: "a b c" }), "InvalidLaunchTemplateName.MalformedException");
});

test("a template is named by id or by name, never both", async () => {
  const here = await account();
  const { ec2, sandbox } = here;
  const LaunchTemplateId = await make(here);
  const both = { LaunchTemplateId, LaunchTemplateName: "nodes" };
  await refused(ec2.send(new DeleteLaunchTemplateCommand(both)), "InvalidParameterCombination");
  await refused(ec2.send(new DeleteLaunchTemplateCommand({})), "MissingParameter");
  expect(launchTemplateByName(sandbox.world, region, "nodes")?.LaunchTemplateId).toBe(LaunchTemplateId);
  await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: "nodes" }));
  await refused(ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId })), "InvalidLaunchTemplateId.NotFound");
  await refused(
    ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ["nodes"] })),
    "InvalidLaunchTemplateName.NotFoundException",
  );
});

test("what no launch could take is refused", async () => {
  const here = await account();
  const withData = (more: RequestLaunchTemplateData) => make(here, { LaunchTemplateData: { ...data, ...more } });
  const tags = [{ Key: "aws:x", Value: "" }];
  await refused(withData({ TagSpecifications: [{ ResourceType: "instance", Tags: tags }] }), "InvalidParameterValue");
  await refused(withData({ TagSpecifications: [{ ResourceType: "subnet", Tags: [] }] }), "InvalidParameterValue");
  await refused(withData({ UserData: "#!/bin/sh" }), "InvalidUserData.Malformed");
  const big = Buffer.alloc(16385).toString("base64");
  await refused(withData({ UserData: big }), "InvalidParameterValue", /limited to 16384 bytes/);
  await refused(
    withData({ SecurityGroupIds: ["sg-1"], NetworkInterfaces: [{ DeviceIndex: 0, Groups: ["sg-1"] }] }),
    "InvalidParameterCombination",
  );
});
