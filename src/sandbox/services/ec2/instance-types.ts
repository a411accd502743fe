import type {
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypeOfferingsResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  GpuInfo,
  InstanceTypeInfo,
  InstanceTypeOffering,
  NeuronInfo,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { invalidCombination, invalidValue } from "./errors.ts";
import { applyFilters, type FilterTable } from "./filters.ts";
import { catalogue, type CatalogueEntry } from "./instance-type-catalogue.ts";
import { pageOf } from "./pages.ts";
import type { Open } from "./views.ts";
import { enabledZonesOf, type Zone } from "./zones.ts";

/** What Local Zones have: few families, in few sizes. */
const inLocalZones = /^(t3\.(medium|xlarge|2xlarge)|(c5|c5d|m5|r5)\.(large|xlarge|2xlarge|4xlarge|12xlarge))$/;

/** Zones that offer a type: accelerators are scarce, old zones have old types only. */
export function zonesOfferingType(region: string, name: string): readonly Zone[] {
  const type = catalogue.get(name);
  if (!type) return [];
  const all = enabledZonesOf(region);
  const zones = all.filter((zone) => zone.type === "availability-zone");
  if (type.previousGeneration) return zones;
  const current = zones.filter((zone) => !zone.old);
  if (type.accelerator !== "none") return current.slice(0, type.efa ? 1 : 2);
  return [...current, ...(inLocalZones.test(name) ? all.filter((zone) => zone.type === "local-zone") : [])];
}

const typeFilters: FilterTable<CatalogueEntry> = {
  "bare-metal": (type) => type.bareMetal,
  "burstable-performance-supported": (type) => type.burstable,
  "current-generation": (type) => !type.previousGeneration,
  hypervisor: (type) => (type.bareMetal ? undefined : "nitro"),
  "instance-type": (type) => type.name,
  "memory-info.size-in-mib": (type) => type.memoryMiB,
  "network-info.efa-supported": (type) => type.efa,
  "processor-info.supported-architecture": (type) => type.architecture,
  "supported-usage-class": () => ["on-demand", "spot"],
  "vcpu-info.default-vcpus": (type) => type.vcpus,
};

type Described = Omit<DescribeInstanceTypesResult, "InstanceTypes"> & {
  InstanceTypes: Open<InstanceTypeInfo, "InstanceType">[];
};

function describeInstanceTypes(input: DescribeInstanceTypesRequest, call: Call): Described {
  const names: readonly string[] = input.InstanceTypes ?? [];
  if (names.length > 0 && input.MaxResults !== undefined) {
    throw invalidCombination("The parameter instanceTypes cannot be used with the parameter maxResults");
  }
  const unknown = names.filter((name) => !catalogue.has(name));
  if (unknown.length > 0) {
    throw new AwsError(
      "InvalidInstanceType",
      `The following supplied instance types do not exist: [${unknown.join(", ")}]`,
    );
  }
  const asked = [...catalogue.values()].filter((type) => names.length === 0 || names.includes(type.name));
  const found = applyFilters(asked, input.Filters, typeFilters, call);
  const { items, ...rest } = names.length > 0 ? { items: found } : pageOf(found, input, { least: 5, most: 100 });
  return { InstanceTypes: items.map(typeView), ...rest };
}

function typeView(type: CatalogueEntry): Open<InstanceTypeInfo, "InstanceType"> {
  const threads = type.architecture === "arm64" ? 1 : 2;
  return {
    InstanceType: type.name,
    CurrentGeneration: !type.previousGeneration,
    FreeTierEligible: false,
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedRootDeviceTypes: ["ebs"],
    SupportedVirtualizationTypes: ["hvm"],
    BareMetal: type.bareMetal,
    ...(type.bareMetal ? {} : { Hypervisor: "nitro" }),
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    VCpuInfo: {
      DefaultVCpus: type.vcpus,
      DefaultCores: Math.max(1, type.vcpus / threads),
      DefaultThreadsPerCore: threads,
    },
    MemoryInfo: { SizeInMiB: type.memoryMiB },
    EbsInfo: { EbsOptimizedSupport: "default", EncryptionSupport: "supported", NvmeSupport: "required" },
    NetworkInfo: {
      MaximumNetworkInterfaces: type.interfaces,
      MaximumNetworkCards: type.networkCards,
      DefaultNetworkCardIndex: 0,
      NetworkCards: Array.from({ length: type.networkCards }, (_, index) => ({
        NetworkCardIndex: index,
        MaximumNetworkInterfaces: Math.max(1, Math.floor(type.interfaces / type.networkCards)),
      })),
      Ipv4AddressesPerInterface: type.addressesPerInterface,
      Ipv6AddressesPerInterface: type.addressesPerInterface,
      Ipv6Supported: true,
      EnaSupport: "required",
      EfaSupported: type.efa,
      ...(type.efa ? { EfaInfo: { MaximumEfaInterfaces: type.networkCards } } : {}),
    },
    BurstablePerformanceSupported: type.burstable,
    SupportedBootModes: type.architecture === "arm64" ? ["uefi"] : ["legacy-bios", "uefi"],
    ...devicesView(type),
  };
}

function devicesView({ accelerator, devices }: CatalogueEntry): { GpuInfo?: GpuInfo; NeuronInfo?: NeuronInfo } {
  if (!devices) return {};
  const { name: Name, count: Count, memoryMiB } = devices;
  const device = { Name, Count, MemoryInfo: { SizeInMiB: memoryMiB } };
  const total = Count * memoryMiB;
  if (accelerator === "neuron") {
    const CoreInfo = { Count: 2, Version: 2 };
    return { NeuronInfo: { NeuronDevices: [{ ...device, CoreInfo }], TotalNeuronDeviceMemoryInMiB: total } };
  }
  return { GpuInfo: { Gpus: [{ ...device, Manufacturer: "NVIDIA" }], TotalGpuMemoryInMiB: total } };
}

type Offering = Required<Open<InstanceTypeOffering, "InstanceType">>;
const offeringFilters: FilterTable<Offering> = {
  "instance-type": (offering) => offering.InstanceType,
  location: (offering) => offering.Location,
};

type Offered = Omit<DescribeInstanceTypeOfferingsResult, "InstanceTypeOfferings"> & {
  InstanceTypeOfferings: Offering[];
};

/** By region, unless zones are asked for. */
function describeOfferings(input: DescribeInstanceTypeOfferingsRequest, call: Call): Offered {
  const LocationType = input.LocationType ?? "region";
  const locations = {
    region: () => [call.region],
    "availability-zone": (name: string) => zonesOfferingType(call.region, name).map((zone) => zone.name),
    "availability-zone-id": (name: string) => zonesOfferingType(call.region, name).map((zone) => zone.id),
    outpost: () => [],
  }[LocationType];
  if (!locations) throw invalidValue(`Invalid value '${LocationType}' for locationType.`);
  const all = [...catalogue.keys()].flatMap((InstanceType) =>
    locations(InstanceType).map((Location): Offering => ({ InstanceType, LocationType, Location })),
  );
  const { items, ...rest } = pageOf(applyFilters(all, input.Filters, offeringFilters, call), input);
  return { InstanceTypeOfferings: items, ...rest };
}

export const instanceTypeHandlers = {
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeInstanceTypeOfferings: describeOfferings,
};
