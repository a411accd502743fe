import type { ArchitectureType } from "@aws-sdk/client-ec2";

export type Accelerator = "none" | "nvidia" | "neuron";

export interface CatalogueEntry {
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  readonly accelerator: Accelerator;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly interfaces: number;
  readonly addressesPerInterface: number;
  readonly networkCards: number;
  readonly efa: boolean;
  readonly burstable: boolean;
  /** Offered in old zones too. */
  readonly previousGeneration: boolean;
  readonly devices?: { readonly name: string; readonly count: number; readonly memoryMiB: number };
}

type Architecture = Extract<ArchitectureType, "x86_64" | "arm64">;

/** Size to vCPUs, network interfaces and IPv4 addresses of each, as nearly all current families have them. */
const commonSizes: Readonly<Record<string, readonly [number, number, number]>> = {
  medium: [1, 2, 4],
  large: [2, 3, 10],
  xlarge: [4, 4, 15],
  "2xlarge": [8, 4, 15],
  "4xlarge": [16, 8, 30],
  "8xlarge": [32, 8, 30],
  "12xlarge": [48, 8, 30],
  "16xlarge": [64, 15, 50],
  "24xlarge": [96, 15, 50],
};

/** Family, architecture, GiB of memory for each vCPU, sizes. */
const commonFamilies: readonly (readonly [string, Architecture, number, string])[] = [
  ["m4", "x86_64", 4, "large xlarge 2xlarge 4xlarge"],
  ["m5", "x86_64", 4, "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"],
  ["m5a", "x86_64", 4, "large xlarge 2xlarge 4xlarge"],
  ["m6i", "x86_64", 4, "large xlarge 2xlarge 4xlarge 8xlarge"],
  ["m6a", "x86_64", 4, "large xlarge 2xlarge"],
  ["m6g", "arm64", 4, "medium large xlarge 2xlarge 4xlarge"],
  ["m7i", "x86_64", 4, "large xlarge 2xlarge 4xlarge"],
  ["m7g", "arm64", 4, "medium large xlarge 2xlarge 4xlarge"],
  ["m8g", "arm64", 4, "medium large xlarge 2xlarge"],
  ["c5", "x86_64", 2, "large xlarge 2xlarge 4xlarge"],
  ["c6i", "x86_64", 2, "large xlarge 2xlarge 4xlarge"],
  ["c6g", "arm64", 2, "medium large xlarge 2xlarge"],
  ["c7i", "x86_64", 2, "large xlarge 2xlarge"],
  ["c7g", "arm64", 2, "medium large xlarge 2xlarge"],
  ["r5", "x86_64", 8, "large xlarge 2xlarge 4xlarge"],
  ["r6i", "x86_64", 8, "large xlarge 2xlarge"],
  ["r6g", "arm64", 8, "medium large xlarge 2xlarge"],
  ["r7g", "arm64", 8, "medium large xlarge 2xlarge"],
];

/** Size to vCPUs, MiB, interfaces and addresses of the families t. */
const burstableSizes = {
  nano: [2, 512, 2, 2],
  micro: [2, 1024, 2, 2],
  small: [2, 2048, 3, 4],
  medium: [2, 4096, 3, 6],
  large: [2, 8192, 3, 12],
  xlarge: [4, 16384, 4, 15],
  "2xlarge": [8, 32768, 4, 15],
} as const;
const burstableFamilies: readonly (readonly [string, Architecture])[] = [
  ["t2", "x86_64"],
  ["t3", "x86_64"],
  ["t3a", "x86_64"],
  ["t4g", "arm64"],
];

/** Name, architecture, vCPUs, GiB, network cards, devices: name, count, MiB of each. */
const accelerated: readonly (readonly [string, Architecture, number, number, number, string, number, number])[] = [
  ["g4dn.xlarge", "x86_64", 4, 16, 1, "T4", 1, 16384],
  ["g4dn.2xlarge", "x86_64", 8, 32, 1, "T4", 1, 16384],
  ["g4dn.12xlarge", "x86_64", 48, 192, 1, "T4", 4, 16384],
  ["g5.xlarge", "x86_64", 4, 16, 1, "A10G", 1, 24576],
  ["g5.2xlarge", "x86_64", 8, 32, 1, "A10G", 1, 24576],
  ["g5.12xlarge", "x86_64", 48, 192, 1, "A10G", 4, 24576],
  ["g5g.xlarge", "arm64", 4, 8, 1, "T4g", 1, 16384],
  ["g6.xlarge", "x86_64", 4, 16, 1, "L4", 1, 24576],
  ["g6.2xlarge", "x86_64", 8, 32, 1, "L4", 1, 24576],
  ["p3.2xlarge", "x86_64", 8, 61, 1, "V100", 1, 16384],
  ["p4d.24xlarge", "x86_64", 96, 1152, 4, "A100", 8, 40960],
  ["p5.48xlarge", "x86_64", 192, 2048, 32, "H100", 8, 81920],
  ["inf1.xlarge", "x86_64", 4, 8, 1, "Inferentia", 1, 8192],
  ["inf2.xlarge", "x86_64", 4, 16, 1, "Inferentia2", 1, 32768],
  ["inf2.8xlarge", "x86_64", 32, 128, 1, "Inferentia2", 1, 32768],
  ["trn1.2xlarge", "x86_64", 8, 32, 1, "Trainium", 1, 32768],
  ["trn1.32xlarge", "x86_64", 128, 512, 8, "Trainium", 16, 32768],
];

const neuronDevices = /^(Inferentia|Trainium)/;
const plain = {
  accelerator: "none",
  networkCards: 1,
  efa: false,
  burstable: false,
  previousGeneration: false,
} as const;

function commonTypes(): CatalogueEntry[] {
  return commonFamilies.flatMap(([family, architecture, gibPerVcpu, sizes]) =>
    sizes.split(" ").map((size) => {
      const [vcpus, interfaces, addressesPerInterface] = commonSizes[size] ?? [0, 0, 0];
      const sizing = { vcpus, memoryMiB: vcpus * gibPerVcpu * 1024, interfaces, addressesPerInterface };
      return { ...plain, name: `${family}.${size}`, architecture, ...sizing, previousGeneration: family === "m4" };
    }),
  );
}

function burstableTypes(): CatalogueEntry[] {
  return burstableFamilies.flatMap(([family, architecture]) =>
    Object.entries(burstableSizes).map(([size, [vcpus, memoryMiB, interfaces, addressesPerInterface]]) => {
      const sizing = { vcpus, memoryMiB, interfaces, addressesPerInterface };
      const previousGeneration = family === "t2";
      return { ...plain, name: `${family}.${size}`, architecture, ...sizing, burstable: true, previousGeneration };
    }),
  );
}

function acceleratedTypes(): CatalogueEntry[] {
  return accelerated.map(([name, architecture, vcpus, gib, networkCards, device, count, memoryMiB]) => ({
    ...plain,
    name,
    architecture,
    accelerator: neuronDevices.test(device) ? "neuron" : "nvidia",
    vcpus,
    memoryMiB: gib * 1024,
    interfaces: networkCards > 1 ? networkCards * 2 : 4,
    addressesPerInterface: networkCards > 1 ? 50 : 15,
    networkCards,
    efa: networkCards > 1,
    devices: { name: device, count, memoryMiB },
  }));
}

/** The instance types that the sandbox knows, by name. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  [...commonTypes(), ...burstableTypes(), ...acceleratedTypes()].map((entry) => [entry.name, entry]),
);
