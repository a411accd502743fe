import type {
  AddonInfo,
  DescribeAddonConfigurationRequest,
  DescribeAddonConfigurationResponse,
  DescribeAddonVersionsRequest,
  DescribeAddonVersionsResponse,
} from "@aws-sdk/client-eks";
import { z } from "zod";
import { partitionOf } from "../../partitions.ts";
import type { Call } from "../../service.ts";
import type { AddonKind, AddonRelease } from "./addon-catalogue.ts";
import { addonKind, addonKinds, podIdentityIn, runsOn } from "./addon-kinds.ts";
import { resourceNotFound } from "./errors.ts";
import { kubernetesVersions } from "./kubernetes-versions.ts";
import { paged } from "./pages.ts";

function describeAddonVersions(input: DescribeAddonVersionsRequest, call: Call): DescribeAddonVersionsResponse {
  const { addonName, kubernetesVersion, types = [], owners = [], publishers = [] } = input;
  const asked = addonKinds(call.region).filter(
    (kind) =>
      (addonName === undefined || kind.name === addonName) &&
      (types.length === 0 || types.includes(kind.type)) &&
      (owners.length === 0 || owners.includes(ownerOf(kind))) &&
      (publishers.length === 0 || publishers.includes("eks")) &&
      kind.releases.some((release) => kubernetesVersion === undefined || runsOn(release, kubernetesVersion)),
  );
  const { items, nextToken } = paged(asked, input);
  return { addons: items.map((kind) => infoOf(kind, kubernetesVersion)), ...nextToken };
}

function infoOf(kind: AddonKind, minor: string | undefined): AddonInfo {
  const releases = kind.releases.filter((release) => minor === undefined || runsOn(release, minor));
  return {
    addonName: kind.name,
    type: kind.type,
    owner: ownerOf(kind),
    publisher: "eks",
    defaultNamespace: kind.namespace,
    addonVersions: releases.map((release) => ({
      addonVersion: release.version,
      architecture: ["amd64", "arm64"],
      computeTypes: ["ec2", "hybrid", "auto"],
      compatibilities: compatibilitiesOf(release, minor),
      requiresConfiguration: false,
      requiresIamPermissions: (kind.requiresIamPermissions ?? false) && !release.withoutPodIdentity,
    })),
  };
}

function compatibilitiesOf(release: AddonRelease, minor: string | undefined) {
  return kubernetesVersions
    .filter((version) => runsOn(release, version.minor) && (minor === undefined || version.minor === minor))
    .map((version) => ({
      clusterVersion: version.minor,
      platformVersions: ["*"],
      defaultVersion: release.defaultFor?.includes(version.minor) ?? false,
    }));
}

function ownerOf(kind: AddonKind): string {
  return kind.community ? "community" : "aws";
}

function describeAddonConfiguration(
  input: DescribeAddonConfigurationRequest,
  call: Call,
): DescribeAddonConfigurationResponse {
  const { addonName = "", addonVersion = "" } = input;
  const kind = addonKind(call.region, addonName);
  if (!kind?.releases.some((release) => release.version === addonVersion)) {
    throw resourceNotFound(`No configuration found for addon ${addonName} with version ${addonVersion}`, { addonName });
  }
  return {
    addonName,
    addonVersion,
    configurationSchema: JSON.stringify(z.toJSONSchema(kind.schema, { target: "draft-7" })),
    podIdentityConfiguration: podIdentityIn(kind, addonVersion).map(({ serviceAccount, policies }) => ({
      serviceAccount,
      recommendedManagedPolicies: policies.map((name) => `arn:${partitionOf(call.region)}:iam::aws:policy/${name}`),
    })),
  };
}

export const addonVersionHandlers = {
  DescribeAddonVersions: describeAddonVersions,
  DescribeAddonConfiguration: describeAddonConfiguration,
};
