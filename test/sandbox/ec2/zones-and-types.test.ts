import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  type DescribeInstanceTypesCommandInput,
  _InstanceType as InstanceTypeName,
  paginateDescribeInstanceTypes,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { catalogue } from "../../../src/sandbox/services/ec2/instance-type-catalogue.ts";
import { instanceTypeOf, zonesOf, zonesWithCapacity } from "../../../src/sandbox/services/ec2/internal.ts";
import { account, refused } from "./account.ts";

test.each([
  ["us-west-2", "usw2-az"],
  ["ap-southeast-1", "apse1-az"],
  ["us-gov-west-1", "usgw1-az"],
  ["cn-northwest-1", "cnnw1-az"],
  ["us-isob-east-1", "usibe1-az"],
  ["eu-west-9", "euw9-az"],
])("zones of %s have names and ids %s*", (region, prefix) => {
  const zones = zonesOf(region);
  expect(zones.length).toBeGreaterThanOrEqual(2);
  for (const { name, id } of zones) {
    expect(name).toMatch(new RegExp(`^${region}[a-f]$`));
    expect(id).toMatch(new RegExp(`^${prefix}[1-6]$`));
  }
});

test("us-east-1 has a zone that can host no control plane", async () => {
  const { ec2 } = await account("us-east-1");
  expect(zonesOf("us-east-1").filter((zone) => !zone.controlPlane)).toMatchObject([{ id: "use1-az3" }]);
  const Filters = [
    { Name: "zone-type", Values: ["availability-zone"] },
    { Name: "zone-id", Values: ["use1-az3"] },
  ];
  const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({ Filters }));
  expect(AvailabilityZones).toMatchObject([{ ZoneName: "us-east-1e", State: "available" }]);
  await refused(ec2.send(new DescribeAvailabilityZonesCommand({ ZoneNames: ["us-east-1z"] })), "InvalidParameterValue");
});

test("instance types tell their architecture, devices and interfaces", async () => {
  const { ec2 } = await account();
  const typesOf = async (...InstanceTypes: InstanceTypeName[]) =>
    (await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes }))).InstanceTypes;
  expect(await typesOf("m5.large")).toMatchObject([
    {
      VCpuInfo: { DefaultVCpus: 2 },
      MemoryInfo: { SizeInMiB: 8192 },
      ProcessorInfo: { SupportedArchitectures: ["x86_64"] },
      NetworkInfo: { MaximumNetworkInterfaces: 3, Ipv4AddressesPerInterface: 10 },
    },
  ]);
  expect(await typesOf("g5.xlarge")).toMatchObject([{ GpuInfo: { Gpus: [{ Manufacturer: "NVIDIA", Name: "A10G" }] } }]);
  expect(await typesOf("i3.metal", "i3.16xlarge")).toMatchObject([
    { BareMetal: false, VCpuInfo: { DefaultVCpus: 64 }, Hypervisor: "nitro" },
    { BareMetal: true, VCpuInfo: { DefaultVCpus: 72 }, MemoryInfo: { SizeInMiB: 524288 } },
  ]);
  expect(await typesOf("a1.metal")).toMatchObject([
    { BareMetal: true, ProcessorInfo: { SupportedArchitectures: ["arm64"] }, MemoryInfo: { SizeInMiB: 32768 } },
  ]);
  expect(await typesOf("inf2.xlarge")).toMatchObject([{ NeuronInfo: { NeuronDevices: [{ Name: "Inferentia2" }] } }]);
  const unknownType: DescribeInstanceTypesCommandInput = JSON.parse('{ "InstanceTypes": ["m5.huge"] }');
  await refused(
    ec2.send(new DescribeInstanceTypesCommand(unknownType)),
    "InvalidInstanceType",
    /do not exist: \[m5\.huge\]/,
  );
  expect(instanceTypeOf("m7g.large")).toMatchObject({ architecture: "arm64", accelerator: "none" });
  expect(instanceTypeOf("m5.huge")).toBeUndefined();
});

test("no type has a name that AWS does not have", () => {
  const known = new Set<string>(Object.values(InstanceTypeName));
  expect([...catalogue.keys()].filter((name) => !known.has(name))).toEqual([]);
});

test("the catalogue comes in pages, by architecture", async () => {
  const { ec2 } = await account();
  const Filters = [{ Name: "processor-info.supported-architecture", Values: ["arm64"] }];
  const names: string[] = [];
  for await (const page of paginateDescribeInstanceTypes({ client: ec2, pageSize: 5 }, { Filters })) {
    names.push(...(page.InstanceTypes ?? []).map((type) => type.InstanceType ?? ""));
  }
  expect(names).toContain("t4g.medium");
  expect(names).not.toContain("m5.large");
  expect(new Set(names).size).toBe(names.length);
});

test("offerings name the zones of a type", async () => {
  const { ec2, sandbox } = await account("us-east-1");
  const offered = async (name: string) => {
    const Filters = [{ Name: "instance-type", Values: [name] }];
    const { InstanceTypeOfferings = [] } = await ec2.send(
      new DescribeInstanceTypeOfferingsCommand({ LocationType: "availability-zone", Filters }),
    );
    return InstanceTypeOfferings.map((offering) => offering.Location);
  };
  expect(await offered("t2.micro")).toHaveLength(6);
  const old = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1f"];
  expect(await offered("m5.large")).toEqual([...old, "us-east-1-bos-1a", "us-east-1-mia-2a"]);
  expect(await offered("g5.xlarge")).toEqual(zonesWithCapacity(sandbox.world, "us-east-1", "g5.xlarge"));
  expect(await offered("z9.mega")).toEqual([]);
});

test("regions are those of the account's partition", async () => {
  const { ec2 } = await account("cn-north-1");
  const { Regions } = await ec2.send(new DescribeRegionsCommand({}));
  expect(Regions?.map((region) => region.RegionName)).toEqual(["cn-north-1", "cn-northwest-1"]);
});
