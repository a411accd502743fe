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
  readonly bareMetal: boolean;
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
  "3xlarge": [12, 8, 30],
  "4xlarge": [16, 8, 30],
  "6xlarge": [24, 8, 30],
  "8xlarge": [32, 8, 30],
  "9xlarge": [36, 8, 30],
  "10xlarge": [40, 8, 30],
  "12xlarge": [48, 8, 30],
  "16xlarge": [64, 15, 50],
  "18xlarge": [72, 15, 50],
  "24xlarge": [96, 15, 50],
  "32xlarge": [128, 15, 50],
  "48xlarge": [192, 15, 50],
  "64xlarge": [256, 24, 64],
  "96xlarge": [384, 24, 64],
};

/**
 * What EC2's page of instance types lists (2026-11, without Mac and what has devices that EKS has no image for): GiB of memory for
 * each vCPU, sizes in multiples of xlarge (`l` large, `m` medium), families. Those for arm64 say so in their names: a `g` after the
 * generation.
 */
const commonFamilies = `
  3.75   m l 1 2                      m3
  4      l 1 2 4 10 16                m4
  4      l 1 2 4 8 12 16 24           m5 m5a m5ad m5d m5dn m5n
  4      l 1 2 3 6 12                 m5zn
  4      l 1 2 4 8 12 16 24 32        m6i m6id m6idn m6in
  4      l 1 2 4 8 12 16 24 32 48     m6a
  4      l 1 2 4 8 12 16 24 32 48 96  m8i m8id m8in m8idn m8ib m8idb
  4      l 1 2 4 8 12                 m8ine
  4      m l 1 3 6 12 24              m8azn
  4      l 1 2 4 8 12 16 24 48        m7i
  4      l 1 2 4 8 12 16              m7i-flex m8i-flex
  4      m l 1 2 4 8 12 16 24 32 48   m7a
  4      m l 1 2 4 8 12 16            m6g m6gd m7g m7gd
  4      m l 1 2 4 8 12 16 24 48      m8a m8g m8gd m8gn m8gb m9g m9gd
  2      m l 1 2 4                    a1
  1.875  l 1 2 4 8                    c3
  1.875  l 1 2 4                      c4
  2      l 1 2 4 9 12 18 24           c5 c5d
  2      l 1 2 4 8 12 16 24           c5a c5ad
  2.625  l 1 2 4 9 18                 c5n
  2      l 1 2 4 8 12 16 24 32        c6i c6id c6in
  2      l 1 2 4 8 12 16 24 32 48     c6a
  2      l 1 2 4 8 12 16 24 32 48 96  c8i c8id c8in c8ib
  2      l 1 2 4 8 12                 c8ine
  2      l 1 2 4 8 12 16 24 48        c7i
  2      l 1 2 4 8 12 16              c7i-flex c8i-flex
  2      m l 1 2 4 8 12 16 24 32 48   c7a
  2      m l 1 2 4 8 12 16            c6g c6gd c6gn c7g c7gd c7gn
  2      m l 1 2 4 8 12 16 24 48      c8a c8g c8gd c8gn c8gb c9g c9gd
  7.625  l 1 2 4 8                    r3
  7.625  l 1 2 4 8 16                 r4 i3
  7.625  1 2 4 8                      i2
  7.625  1 2 4                        d2
  8      l 1 2 4 8 12 16 24           r5 r5a r5ad r5b r5d r5dn r5n
  8      l 1 2 4 8 12 16 24 32        r6i r6id r6idn r6in
  8      l 1 2 4 8 12 16 24 32 48     r6a
  8      l 1 2 4 8 12 16 24 32 48 96  r8i r8id r8in r8idn r8ib r8idb
  8      l 1 2 4 8 12 16 24 48        r7i
  8      l 1 2 4 8 12 16              r8i-flex
  8      l 1 2 4 8 12 16 32           r7iz
  8      m l 1 2 4 8 12 16 24 32 48   r7a
  8      m l 1 2 4 8 12 16            r6g r6gd r7g r7gd
  8      m l 1 2 4 8 12 16 24 48      r8a r8g r8gd r8gn r8gb r9g r9gd
  8      l 1 2 3 6 12                 z1d
  8      l 1 2 3 6 12 24              i3en
  8      l 1 2 4 8 12 16 24 32        i4i
  8      l 1 2 4 8 12 16 24 48        i7i
  8      l 1 2 3 6 12 18 24 48        i7ie i8ge
  8      l 1 2 4 8 16                 i4g
  8      l 1 2 4 8 12 16 24 48        i8g
  4      l 1 2 4 8 16                 im4gn
  6      m l 1 2 4 8                  is4gen
  16     m l 1 2 4 8 12 16            x2gd
  16     m l 1 2 4 8 12 16 24 48      x8g
  16     16 24 32                     x2idn
  32     1 2 4 8 16 24 32             x2iedn
  32     2 4 6 8 12                   x2iezn
  16     l 1 2 4 8 12 16 24 32 48 64 96  x8i
  15.25  16 32                        x1
  30.5   1 2 4 8 16 32                x1e
  4      2 4 8 16                     h1
  4      1 2 4 6 8 12                 d3en
  8      1 2 4 8                      d3
`
  .trim()
  .split("\n")
  .map((line) => /^ *([\d.]+) +((?:[lm\d]+ )+) *(.*)$/u.exec(line) ?? [])
  .map(([, gibPerVcpu = "", sizes = "", families = ""]) => ({
    gibPerVcpu: Number(gibPerVcpu),
    sizes: sizes.trim().split(" ").map(sizeName),
    families: families.split(" "),
  }));

function sizeName(short: string): string {
  return { l: "large", m: "medium", "1": "xlarge" }[short] ?? `${short}xlarge`;
}

const oldFamilies: ReadonlySet<string> = new Set(["a1", "m3", "m4", "c3", "c4", "d2", "i2", "r3", "r4", "t2"]);

/** Whole hosts without a hypervisor: name, the size that they are otherwise like, families. */
const bareMetal = `
  metal       4   a1
  metal       12  m5zn x2iezn z1d
  metal       16  m6g m6gd m7g m7gd c6g c6gd c7g c7gd c7gn r6g r6gd r7g r7gd x2gd g5g
  metal       18  c5n
  metal       24  m5 m5d m5dn m5n c5 c5d r5 r5b r5d r5dn r5n i3en
  metal       32  m6i m6id m6idn m6in c6i c6id c6in r6i r6id r6idn r6in i4i x2idn x2iedn
  metal       48  m6a c6a r6a
  metal-12xl  12  m8azn
  metal-16xl  16  r7iz
  metal-24xl  24  m7i m8a m8azn m8g m8gb m8gd m8gn m9g m9gd c7i c8a c8g c8gb c8gd c8gn r7i r8a r8g r8gb r8gd r8gn i7i i7ie i8g i8ge x8g
  metal-32xl  32  r7iz
  metal-48xl  48  m7a m7i m8a m8g m8gb m8gd m8gn m9g m9gd c7a c7i c8a c8g c8gb c8gd c8gn c9g c9gd r7a r7i r8a r8g r8gb r8gd r8gn r9g r9gd
  metal-48xl  48  m8i m8ib m8id m8idb m8idn m8in c8i c8ib c8id c8in r8i r8ib r8id r8idb r8idn r8in i7i i7ie i8g i8ge x8g x8i
  metal-96xl  96  m8i m8ib m8id m8idb m8idn m8in c8i c8ib c8id c8in r8i r8ib r8id r8idb r8idn r8in x8i
`
  .trim()
  .split("\n")
  .map((line) => line.trim().split(/ +/u));

/** vCPUs and GiB of sizes that are like no others. */
const odd: readonly (readonly [family: string, size: string, vcpus: number, gib: number])[] = [
  ["c4", "8xlarge", 36, 60],
  ["d2", "8xlarge", 36, 244],
  ["i3", "metal", 72, 512],
];

/** Types with Elastic Fabric Adapters on one network card; those with several cards have one on each. */
const fabric = new RegExp(
  "^(c5n\\.(9|18)|[mr]5d?n\\.24|i3en\\.(12|24)|c6gn\\.16|[cmr](6i|6id|6idn|6in)\\.32|[cmr]6a\\.48|[cmr]7gd?\\.16|[cmr]7[ai]\\.48|" +
    "c7gn\\.16|[cmr]8g\\.(24|48)|g4dn\\.(8|12|16)|g[56]e?\\.(8|12|16|24|48)|p3dn\\.24|x2idn\\.32|x2iedn\\.32)xlarge$",
  "u",
);

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

/** Device and MiB of each, sizes: multiple of xlarge, vCPUs, GiB, devices, network cards where several. */
const accelerated = `
  K80          12288  p2    1:4:61:1 8:32:488:8 16:64:732:16
  V100         16384  p3    2:8:61:1 8:32:244:4 16:64:488:8
  V100         32768  p3dn  24:96:768:8
  A100         40960  p4d   24:96:1152:8:4
  A100         81920  p4de  24:96:1152:8:4
  H100         81920  p5    4:16:256:1 48:192:2048:8:32
  H200        144384  p5e   48:192:2048:8:32
  H200        144384  p5en  48:192:2048:8:16
  B200        183296  p6-b200  48:192:2048:8:8
  B300        294912  p6-b300  48:192:4096:8:17
  M60           8192  g3s  1:4:30.5:1
  M60           8192  g3   4:16:122:1 8:32:244:2 16:64:488:4
  T4           16384  g4dn  1:4:16:1 2:8:32:1 4:16:64:1 8:32:128:1 12:48:192:4 16:64:256:1
  A10G         24576  g5    1:4:16:1 2:8:32:1 4:16:64:1 8:32:128:1 12:48:192:4 16:64:256:1 24:96:384:4 48:192:768:8
  T4g          16384  g5g   1:4:8:1 2:8:16:1 4:16:32:1 8:32:64:1 16:64:128:2
  L4           24576  g6    1:4:16:1 2:8:32:1 4:16:64:1 8:32:128:1 12:48:192:4 16:64:256:1 24:96:384:4 48:192:768:8
  L4           24576  gr6   4:16:128:1 8:32:256:1
  L40S         49152  g6e   1:4:32:1 2:8:64:1 4:16:128:1 8:32:256:1 12:48:384:4 16:64:512:1 24:96:768:4 48:192:1536:8
  L4            3072  g6f   1:4:16:1 2:8:32:1 4:16:64:1
  RTXPRO6000   98304  g7e   2:8:64:1 4:16:128:1 8:32:256:1 12:48:512:2 24:96:1024:4 48:192:2048:8
  Inferentia    8192  inf1  1:4:8:1 2:8:16:1 6:24:48:4 24:96:192:16
  Inferentia2  32768  inf2  1:4:16:1 8:32:128:1 24:96:384:6 48:192:768:12
  Trainium     32768  trn1  2:8:32:1 32:128:512:16:8
  Trainium     32768  trn1n 32:128:512:16:16
  Trainium2    98304  trn2  3:12:128:1 48:192:2048:16:16
`
  .trim()
  .split("\n")
  .map((line) => line.trim().split(/ +/u));

const neuronDevices = /^(Inferentia|Trainium)/;
const plain = {
  accelerator: "none",
  networkCards: 1,
  efa: false,
  burstable: false,
  bareMetal: false,
  previousGeneration: false,
} as const;

function commonTypes(): CatalogueEntry[] {
  return commonFamilies.flatMap(({ gibPerVcpu, sizes, families }) =>
    families.flatMap((family) =>
      sizes.map((size) => {
        const [vcpus, interfaces, addressesPerInterface] = commonSizes[size] ?? [0, 0, 0];
        return typeOf(family, size, { vcpus, gib: vcpus * gibPerVcpu, interfaces, addressesPerInterface });
      }),
    ),
  );
}

function oddTypes(): CatalogueEntry[] {
  return odd.map(([family, size, vcpus, gib]) => ({
    ...typeOf(family, size, {
      vcpus,
      gib,
      interfaces: vcpus > 64 ? 15 : 8,
      addressesPerInterface: vcpus > 64 ? 50 : 30,
    }),
    bareMetal: size === "metal",
  }));
}

interface Measures {
  readonly vcpus: number;
  readonly gib: number;
  readonly interfaces: number;
  readonly addressesPerInterface: number;
}

function typeOf(family: string, size: string, { gib, ...measures }: Measures): CatalogueEntry {
  const name = `${family}.${size}`;
  return {
    ...plain,
    ...measures,
    name,
    architecture: /^(a1$|[a-z]+\d+g)/u.test(family) ? "arm64" : "x86_64",
    memoryMiB: Math.round(gib * 1024),
    efa: fabric.test(name),
    previousGeneration: oldFamilies.has(family),
  };
}

function bareMetalTypes(others: ReadonlyMap<string, CatalogueEntry>): CatalogueEntry[] {
  return bareMetal.flatMap(([size = "", multiple = "", ...families]) =>
    families.map((family) => {
      const alike = others.get(`${family}.${sizeName(multiple)}`);
      if (alike === undefined) throw new Error(`${family} has no size that is like ${size}`);
      return { ...alike, name: `${family}.${size}`, bareMetal: true };
    }),
  );
}

function burstableTypes(): CatalogueEntry[] {
  return burstableFamilies.flatMap(([family, architecture]) =>
    Object.entries(burstableSizes).map(([size, [vcpus, memoryMiB, interfaces, addressesPerInterface]]) => {
      const sizing = { vcpus, memoryMiB, interfaces, addressesPerInterface };
      const previousGeneration = oldFamilies.has(family);
      return { ...plain, name: `${family}.${size}`, architecture, ...sizing, burstable: true, previousGeneration };
    }),
  );
}

function acceleratedTypes(): CatalogueEntry[] {
  return accelerated.flatMap(([device = "", memory, family = "", ...sizes]) =>
    sizes.map((size) => {
      const [multiple = 0, vcpus = 0, gib = 0, count = 0, networkCards = 1] = size.split(":").map(Number);
      const name = `${family}.${sizeName(String(multiple))}`;
      const isLarge = vcpus >= 64;
      return {
        ...plain,
        name,
        architecture: family === "g5g" ? "arm64" : "x86_64",
        accelerator: neuronDevices.test(device) ? "neuron" : "nvidia",
        vcpus,
        memoryMiB: gib * 1024,
        interfaces: networkCards > 1 ? networkCards * 2 : isLarge ? 15 : 4,
        addressesPerInterface: isLarge ? 50 : 15,
        networkCards,
        efa: networkCards > 1 || fabric.test(name),
        devices: { name: device, count, memoryMiB: Number(memory) },
      };
    }),
  );
}

const virtual = byName([...commonTypes(), ...burstableTypes(), ...acceleratedTypes(), ...oddTypes()]);

function byName(entries: readonly CatalogueEntry[]): ReadonlyMap<string, CatalogueEntry> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

/** The instance types that the sandbox knows, by name. */
export const catalogue = byName([...virtual.values(), ...bareMetalTypes(virtual)]);
