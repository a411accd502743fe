import { DescribeLaunchTemplateVersionsCommand, ModifyLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { launchTemplate, type LaunchTemplateSpec } from "../../src/resources/ec2/launch-template.ts";
import { bringIn, differing, make, openPlace, type Place, wanting } from "./driver.ts";

const spec: LaunchTemplateSpec = {
  instanceType: "m5.large",
  volumes: [{ device: "/dev/xvda", size: 80, type: "gp3", iops: 3000, throughput: 125, encrypted: true }],
  securityGroupIds: [],
  imds: { tokens: "required", hopLimit: 2 },
  ebsOptimized: true,
  detailedMonitoring: true,
  keyName: "ops",
  launchTags: { Name: "demo-ng-Node" },
  tags: { Name: "demo" },
};
const deps = { securityGroups: [], keyPair: [], cluster: [], placementGroup: [] };
const want = wanting("launch-template/ng", spec, deps);
const edited = (change: Partial<LaunchTemplateSpec>) => wanting("launch-template/ng", { ...spec, ...change }, deps);

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.sandbox.close());

async function latestData(ref: string) {
  const { LaunchTemplateVersions } = await place.ctx.clients.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: ref, Versions: ["$Latest"] }),
  );
  return LaunchTemplateVersions?.[0]?.LaunchTemplateData;
}

describe("launch template", () => {
  it("is complete with the creating call, and names no security group unless one is asked for", async () => {
    const live = await make(launchTemplate, want, place.ctx);
    expect(place.changes()).toEqual(["CreateLaunchTemplate"]);
    expect(live).toMatchObject({ owner: "us", attrs: { name: want.name, latestVersion: 1, defaultVersion: 1 } });
    const data = await latestData(live.ref);
    expect(data?.SecurityGroupIds ?? []).toEqual([]);
    expect(data?.NetworkInterfaces ?? []).toEqual([]);
    expect(data?.TagSpecifications?.map(({ ResourceType }) => ResourceType)).toEqual([
      "instance",
      "volume",
      "network-interface",
    ]);
    const keys = data?.TagSpecifications?.[1]?.Tags?.map(({ Key }) => Key);
    expect(keys).toEqual(expect.arrayContaining(["Name", "ekstool.dev/cluster", "ekstool.dev/region"]));
  });

  it("keeps in the next version what nobody wants otherwise, and takes new launch tags along", async () => {
    const live = await make(launchTemplate, want, place.ctx);
    const { keyName: _keyName, instanceType: _instanceType, ...rest } = spec;
    const change = { ...rest, volumes: [{ device: "/dev/xvda", size: 120 }], launchTags: { team: "blue" } };
    const { live: after } = await bringIn(
      launchTemplate,
      wanting("launch-template/ng", change, deps),
      live.ref,
      place.ctx,
    );
    expect(after.attrs.data).toMatchObject({
      instanceType: "m5.large",
      keyName: "ops",
      volumes: [{ device: "/dev/xvda", size: 120, type: "gp3", iops: 3000, throughput: 125, encrypted: true }],
      launchTags: { team: "blue" },
    });
  });

  it("makes no new version for launch tags alone", async () => {
    const live = await make(launchTemplate, want, place.ctx);
    expect(differing(launchTemplate, edited({ launchTags: { team: "blue" } }), live)).toEqual([]);
  });

  it("makes the latest version the default one where a run was cut short in between", async () => {
    const live = await make(launchTemplate, want, place.ctx);
    const { ref } = live;
    await bringIn(launchTemplate, edited({ ebsOptimized: false }), ref, place.ctx);
    await place.ctx.clients.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: ref, DefaultVersion: "1" }));
    const { live: after, groups } = await bringIn(launchTemplate, edited({ ebsOptimized: false }), ref, place.ctx);
    expect(groups).toEqual(["defaultVersion"]);
    expect(after.attrs.defaultVersion).toBe(2);
  });
});
