import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypesCommand,
  type InstanceTypeInfo,
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeVpcs,
} from "@aws-sdk/client-ec2";
import {
  DescribeAddonConfigurationCommand,
  DescribeClusterCommand,
  ResourceNotFoundException,
  paginateDescribeAddonVersions,
} from "@aws-sdk/client-eks";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Clients } from "../aws/clients.ts";
import { partitionOf } from "../aws/partition.ts";
import { allow, instanceProfiles, ofCluster } from "../aws/permissions.ts";
import { owned, ownershipTags, tagsOf } from "../aws/tags.ts";
import type { Action } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";
import { gatherEndpointServices, gatherGivenEndpoints, gatheringEndpoints } from "./gather-endpoints.ts";
import { gatherNetwork, gatheringNetwork } from "./gather-network.ts";
import { gatherImages, gatherInstanceProfileRoles, gatherLaunchTemplates, gatherSelections } from "./gather-nodes.ts";
import { gatherOutposts, gatheringOutposts } from "./gather-outposts.ts";
import { gatherClusterVersions } from "./gather-versions.ts";
import type { AddonNeed, Needs } from "./needs.ts";
import {
  type AddonFacts,
  type Caller,
  type Chosen,
  type Facts,
  type InstanceType,
  type LocalZone,
  type VpcZones,
  type Zone,
  parseZones,
  zonesTag,
} from "./types.ts";
import { resolveVersion } from "./versions.ts";

/** Zones that cannot host an EKS control plane, by their account-independent ids (EKS user guide, network requirements). */
const zonesWithoutControlPlane = new Set(["use1-az3", "usw1-az2", "cac1-az3"]);

/** Who calls, from STS GetCallerIdentity, and for how long. */
export async function gatherCaller(clients: Clients, region: string): Promise<Caller> {
  const { Account, Arn } = await clients.sts.send(new GetCallerIdentityCommand({}));
  if (Account === undefined || Arn === undefined) throw new FailedError("STS did not say who is calling");
  const expiration = await clients.credentials.expiration();
  return { account: Account, arn: Arn, partition: partitionOf(region), ...(expiration && { expiration }) };
}

/** The permissions that `gatherFacts` takes. Who calls, STS tells everybody. */
export function gatheringFacts(needs: Needs): readonly Action[] {
  return [
    ...allow(["eks:DescribeClusterVersions", "ec2:DescribeAvailabilityZones", "ec2:DescribeVpcs"]),
    ...allow("eks:DescribeCluster", ofCluster("cluster")),
    ...allow(["ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes"]),
    ...(needs.launchTemplates.length > 0 ? allow("ec2:DescribeLaunchTemplateVersions") : []),
    ...(needs.images.length > 0 ? allow("ec2:DescribeImages") : []),
    ...(needs.instanceProfiles.length > 0 ? allow("iam:GetInstanceProfile", instanceProfiles) : []),
    ...(needs.selectors.length > 0 ? allow("ec2:DescribeLaunchTemplates") : []),
    ...(needs.network ? gatheringNetwork : []),
    ...gatheringOutposts(needs),
    ...gatheringEndpoints(needs),
    ...(needs.addons.length > 0 ? allow("eks:DescribeAddonVersions") : []),
    ...(needs.podIdentity.length > 0 ? allow("eks:DescribeAddonConfiguration") : []),
  ];
}

/** Asks AWS, with reading calls only, for all that a graph of this file rests on. */
export async function gatherFacts(needs: Needs, clients: Clients): Promise<Facts> {
  const [
    caller,
    clusterVersions,
    cluster,
    zones,
    localZones,
    vpcZones,
    network,
    endpointServices,
    { instanceTypes, selectedTypes, launchTemplates, outposts },
    instanceProfileRoles,
    images,
  ] = await Promise.all([
    gatherCaller(clients, needs.region),
    gatherClusterVersions(clients),
    gatherCluster(needs, clients),
    gatherZones(clients),
    needs.localZones ? gatherLocalZones(clients) : [],
    gatherVpcZones(needs, clients),
    needs.network ? gatherNetwork(needs.network, clients) : undefined,
    gatherEndpointServices(needs, clients),
    gatherNodes(needs, clients),
    gatherInstanceProfileRoles(needs.instanceProfiles, clients),
    gatherImages(needs.images, clients),
  ]);
  const version = resolveVersion(needs.version, clusterVersions, cluster?.version);
  const endpoints = await gatherGivenEndpoints(needs, network?.vpc?.id, clients);
  const addons = await Promise.all(
    needs.addons.map(async (need) => {
      const facts = await gatherAddon(need, version, needs.podIdentity.includes(need.name), clients);
      return [need.name, facts] as const;
    }),
  );
  return {
    caller,
    region: needs.region,
    clusterVersions,
    zones,
    localZones,
    outposts,
    ...(vpcZones && { vpcZones }),
    instanceTypes,
    selectedTypes,
    images,
    launchTemplates,
    instanceProfileRoles,
    addons: Object.fromEntries(addons.filter(([, facts]) => facts.versions.length > 0)),
    endpointServices,
    ...(network && { network: { ...network, endpoints } }),
    ...(cluster ? { cluster } : {}),
  };
}

async function gatherCluster(needs: Needs, clients: Clients): Promise<Chosen | undefined> {
  try {
    const { cluster } = await clients.eks.send(new DescribeClusterCommand({ name: needs.cluster }));
    return {
      version: cluster?.version ?? "",
      vpcId: cluster?.resourcesVpcConfig?.vpcId ?? "",
      subnetIds: cluster?.resourcesVpcConfig?.subnetIds ?? [],
      authenticationMode: cluster?.accessConfig?.authenticationMode ?? "",
      autoMode: cluster?.computeConfig?.enabled ?? false,
      logging: cluster?.logging?.clusterLogging?.some(({ enabled }) => enabled === true) ?? false,
      owned: owned(cluster?.tags ?? {}, needs),
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function gatherZones(clients: Clients): Promise<readonly Zone[]> {
  const { AvailabilityZones } = await clients.ec2.send(
    new DescribeAvailabilityZonesCommand({
      Filters: [
        { Name: "state", Values: ["available"] },
        { Name: "zone-type", Values: ["availability-zone"] },
      ],
    }),
  );
  return (AvailabilityZones ?? [])
    .flatMap(({ ZoneName: name, ZoneId: id }) => (name === undefined || id === undefined ? [] : [{ name, id }]))
    .filter((zone) => !zonesWithoutControlPlane.has(zone.id))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

async function gatherLocalZones(clients: Clients): Promise<readonly LocalZone[]> {
  const { AvailabilityZones } = await clients.ec2.send(
    new DescribeAvailabilityZonesCommand({
      AllAvailabilityZones: true,
      Filters: [{ Name: "zone-type", Values: ["local-zone"] }],
    }),
  );
  return (AvailabilityZones ?? [])
    .map(({ ZoneName: name = "", GroupName: group = "", OptInStatus }) => ({
      name,
      group,
      optedIn: OptInStatus === "opted-in",
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

async function gatherVpcZones(needs: Needs, clients: Clients): Promise<VpcZones | undefined> {
  const tags = ownershipTags(needs, "vpc");
  const Filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
  for await (const page of paginateDescribeVpcs({ client: clients.ec2 }, { Filters })) {
    for (const vpc of page.Vpcs ?? []) {
      const zones = tagsOf(vpc.Tags)[zonesTag];
      if (zones !== undefined) return parseZones(zones);
    }
  }
  return undefined;
}

/** The instance types of all nodegroups: by name, by what they are, and those of launch templates. */
async function gatherNodes(
  needs: Needs,
  clients: Clients,
): Promise<Pick<Facts, "instanceTypes" | "selectedTypes" | "launchTemplates" | "outposts">> {
  const [launchTemplates, outposts, selectedTypes] = await Promise.all([
    gatherLaunchTemplates(needs.launchTemplates, clients),
    gatherOutposts(needs, clients),
    gatherSelections(needs, clients),
  ]);
  const more = [
    ...Object.values(selectedTypes).flatMap(({ fits, kept = fits }) => kept),
    ...Object.values(launchTemplates).flatMap(({ instanceType }) => instanceType ?? []),
  ];
  const names = [...new Set([...needs.instanceTypes, ...more])];
  const onOutposts = Object.entries(outposts).map(([id, { instanceTypes: types }]) => [id, types] as const);
  const { types: instanceTypes, smallestFirst } = await gatherInstanceTypes(names, onOutposts, clients);
  return {
    instanceTypes,
    selectedTypes,
    launchTemplates,
    outposts: Object.fromEntries(
      Object.entries(outposts).map(([id, one]) => [
        id,
        { ...one, instanceTypes: smallestFirst.filter((name) => one.instanceTypes.includes(name)) },
      ]),
    ),
  };
}

interface FoundTypes {
  readonly types: Readonly<Record<string, InstanceType>>;
  /** Their names, by vCPUs and then by memory. */
  readonly smallestFirst: readonly string[];
}

/** @param onOutposts what Outposts have, by their ids. */
async function gatherInstanceTypes(
  names: readonly string[],
  onOutposts: readonly (readonly [id: string, types: readonly string[]])[],
  clients: Clients,
): Promise<FoundTypes> {
  const zones: Record<string, string[]> = {};
  const Filters = [{ Name: "instance-type", Values: [...names] }];
  const offerings = paginateDescribeInstanceTypeOfferings(
    { client: clients.ec2 },
    { LocationType: "availability-zone", Filters },
  );
  for await (const page of offerings) {
    for (const { InstanceType: type, Location: zone } of page.InstanceTypeOfferings ?? []) {
      if (type !== undefined && zone !== undefined) (zones[type] ??= []).push(zone);
    }
  }
  for (const [id, types] of onOutposts) {
    for (const type of types) (zones[type] ??= []).push(id);
  }
  // Asked only for those on offer here: one name that the region does not know fails the whole request.
  const offered = Object.keys(zones) as InstanceTypeInfo["InstanceType"][];
  if (offered.length === 0) return { types: {}, smallestFirst: [] };
  const { InstanceTypes } = await clients.ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: offered.filter((type) => type !== undefined) }),
  );
  const size = ({ VCpuInfo, MemoryInfo }: InstanceTypeInfo) =>
    (VCpuInfo?.DefaultVCpus ?? 0) * 1e9 + (MemoryInfo?.SizeInMiB ?? 0);
  const sorted = (InstanceTypes ?? []).toSorted((a, b) => size(a) - size(b));
  const types = Object.fromEntries(
    sorted.flatMap((info) => {
      const name = info.InstanceType;
      if (name === undefined) return [];
      const type: InstanceType = {
        name,
        architecture: info.ProcessorInfo?.SupportedArchitectures?.includes("arm64") ? "arm64" : "x86_64",
        accelerator: acceleratorOf(info),
        efaInterfaces: info.NetworkInfo?.EfaInfo?.MaximumEfaInterfaces ?? 0,
        zones: (zones[name] ?? []).toSorted(),
      };
      return [[name, type]];
    }),
  );
  return { types, smallestFirst: Object.keys(types) };
}

function acceleratorOf(info: InstanceTypeInfo): InstanceType["accelerator"] {
  if (info.GpuInfo?.Gpus?.some((gpu) => gpu.Manufacturer?.toUpperCase() === "NVIDIA")) return "nvidia";
  return info.NeuronInfo || info.InferenceAcceleratorInfo ? "neuron" : "none";
}

async function gatherAddon(
  { name: addonName, publishers, types, owners }: AddonNeed,
  kubernetesVersion: string,
  withPodIdentity: boolean,
  clients: Clients,
): Promise<AddonFacts> {
  const versions: AddonFacts["versions"][number][] = [];
  const pages = paginateDescribeAddonVersions(
    { client: clients.eks },
    {
      addonName,
      kubernetesVersion,
      publishers: publishers && [...publishers],
      types: types && [...types],
      owners: owners && [...owners],
    },
  );
  for await (const page of pages) {
    for (const { addonVersion, compatibilities } of (page.addons ?? []).flatMap((addon) => addon.addonVersions ?? [])) {
      const fit = compatibilities?.find((one) => one.clusterVersion === kubernetesVersion);
      if (addonVersion && fit) versions.push({ version: addonVersion, default: fit.defaultVersion ?? false });
    }
  }
  const newestFirst = versions.toSorted((a, b) => b.version.localeCompare(a.version, "en", { numeric: true }));
  const standard = newestFirst.find((one) => one.default) ?? newestFirst[0];
  if (!withPodIdentity || !standard) return { versions: newestFirst, podIdentity: [] };
  const configuration = await clients.eks.send(
    new DescribeAddonConfigurationCommand({ addonName, addonVersion: standard.version }),
  );
  return {
    versions: newestFirst,
    podIdentity: (configuration.podIdentityConfiguration ?? []).flatMap((one) =>
      one.serviceAccount === undefined
        ? []
        : [{ serviceAccount: one.serviceAccount, policyArns: one.recommendedManagedPolicies ?? [] }],
    ),
  };
}
