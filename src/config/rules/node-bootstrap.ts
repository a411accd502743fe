import { YamlError, isMapping, parseYaml } from "../../yaml.ts";
import { defaultAmiFamily, lastOfAmazonLinux2 } from "../default-values.ts";
import {
  type Rule,
  forEachManagedNodegroup,
  forEachNodegroup,
  forEachSelfManagedNodegroup,
  whereUnwritten,
} from "./rule.ts";

const forBottlerocket = forEachNodegroup((group, at, report) => {
  const { amiFamily = defaultAmiFamily } = group;
  const reads = [[...at, "amiFamily"]];
  if (!amiFamily.startsWith("Bottlerocket")) {
    if (group.bottlerocket === undefined) return;
    report([...at, "bottlerocket"], `is for the families Bottlerocket and BottlerocketFips, not for ${amiFamily}`, {
      at: "key",
      ...whereUnwritten(group.amiFamily, amiFamily, "amiFamily"),
      reads,
    });
    return;
  }
  for (const key of ["preBootstrapCommands", "overrideBootstrapCommand"] as const) {
    if (group[key] === undefined || group[key].length === 0) continue;
    report([...at, key], "is not for Bottlerocket, which runs no scripts", {
      at: "key",
      hint: "use bottlerocket.settings",
      reads,
    });
  }
});

/** What ekstool or EKS says itself, by the key of the file that stands for it. */
const ownSettings: Readonly<Record<string, string>> = {
  "node-labels": "labels",
  "node-taints": "taints",
  "max-pods": "maxPodsPerNode",
  "cluster-certificate": "",
  "api-server": "",
  "cluster-name": "",
  "cluster-dns-ip": "",
};

const settings = forEachNodegroup((group, at, report) => {
  const kubernetes = group.bottlerocket?.settings?.["kubernetes"];
  if (!isMapping(kubernetes)) return;
  for (const key of Object.keys(kubernetes)) {
    const instead = ownSettings[key];
    if (instead === undefined) continue;
    report([...at, "bottlerocket", "settings", "kubernetes", key], "is set for the nodes already", {
      at: "key",
      hint: instead === "" ? "leave it out" : `use ${instead} of the nodegroup`,
    });
  }
});

/** nodeadm takes documents of one kind only. */
const nodeConfig = forEachNodegroup((group, at, report) => {
  const { amiFamily = defaultAmiFamily, overrideBootstrapCommand: text } = group;
  if (amiFamily !== "AmazonLinux2023" || text === undefined) return;
  const problem = nodeConfigProblem(text);
  if (problem === undefined) return;
  report([...at, "overrideBootstrapCommand"], `for AmazonLinux2023 this must be a NodeConfig of nodeadm: ${problem}`, {
    hint: "begin with apiVersion: node.eks.aws/v1alpha1 and kind: NodeConfig; scripts belong in preBootstrapCommands",
    reads: [[...at, "amiFamily"]],
  });
});

function nodeConfigProblem(text: string): string | undefined {
  try {
    const { value } = parseYaml(text);
    if (!isMapping(value)) return "it is no mapping";
    const { apiVersion, kind } = value;
    if (kind !== "NodeConfig") return "its kind is another";
    return String(apiVersion).startsWith("node.eks.aws/") ? undefined : "its apiVersion is another";
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return error.problems[0]?.message ?? "it is no YAML";
  }
}

const ami = forEachManagedNodegroup((group, at, report) => {
  if (group.ami === undefined) return;
  const path = [...at, "ami"];
  if (!group.ami.startsWith("ami-")) {
    report(path, `${group.ami} is for self-managed nodegroups: EKS takes the newest image by itself`, {
      hint: "leave ami out",
    });
    return;
  }
  if (group.amiFamily === undefined) {
    report(path, "needs amiFamily beside it: nothing else says how such a node is booted", { at: "key" });
  } else if (group.amiFamily.startsWith("Windows")) {
    report(path, "EKS takes no images of one's own for Windows", { at: "key", reads: [[...at, "amiFamily"]] });
  }
});

/** Releases are those of EKS's own images. */
const release = forEachManagedNodegroup((group, at, report) => {
  if (group.releaseVersion === undefined) return;
  const ubuntu = group.amiFamily?.startsWith("Ubuntu") === true;
  if (!ubuntu && group.ami === undefined) return;
  report([...at, "releaseVersion"], `is for the images of EKS, not for ${ubuntu ? "Ubuntu" : "one of your own"}`, {
    at: "key",
    reads: [
      [...at, "amiFamily"],
      [...at, "ami"],
    ],
  });
});

/** Nothing else says how such a node is booted. */
const familyOfImage = forEachSelfManagedNodegroup((group, at, report) => {
  if (group.ami?.startsWith("ami-") !== true || group.amiFamily !== undefined) return;
  report([...at, "ami"], "needs amiFamily beside it: nothing else says how such a node is booted", { at: "key" });
});

/** Kubernetes versions that Canonical makes images for, first and last. */
const ubuntuVersions: Readonly<Record<string, readonly [first: string, last?: string]>> = {
  Ubuntu2004: ["1.21", "1.29"],
  UbuntuPro2004: ["1.27", "1.29"],
  Ubuntu2204: ["1.29"],
  UbuntuPro2204: ["1.29"],
  Ubuntu2404: ["1.31"],
  UbuntuPro2404: ["1.31"],
  Ubuntu2604: ["1.35"],
  UbuntuPro2604: ["1.35"],
};

const ubuntu = forEachNodegroup((group, at, report, { metadata }) => {
  const [first, last] = ubuntuVersions[group.amiFamily ?? ""] ?? [];
  const minor = minorOf(metadata?.version);
  if (first === undefined || minor === undefined || group.ami !== undefined) return;
  if (minor >= (minorOf(first) ?? 0) && minor <= (minorOf(last) ?? minor)) return;
  report(
    [...at, "amiFamily"],
    `${group.amiFamily} has images for Kubernetes ${first}${last === undefined ? " and newer" : ` to ${last}`}, not for ${metadata?.version}`,
    { reads: [["metadata", "version"]] },
  );
});

/** Which version a file means that says none, the plan finds out. */
const amazonLinux2 = forEachNodegroup((group, at, report, { metadata }) => {
  const minor = minorOf(metadata?.version);
  if (group.amiFamily !== "AmazonLinux2" || minor === undefined || minor <= (minorOf(lastOfAmazonLinux2) ?? 0)) return;
  report(
    [...at, "amiFamily"],
    `AmazonLinux2 ended with Kubernetes ${lastOfAmazonLinux2}, and the cluster has ${metadata?.version}`,
    {
      hint: "use AmazonLinux2023",
      reads: [["metadata", "version"]],
    },
  );
});

function minorOf(version: string | undefined): number | undefined {
  const minor = /^1\.(\d+)$/.exec(version ?? "")?.[1];
  return minor === undefined ? undefined : Number(minor);
}

const windows = forEachManagedNodegroup((group, at, report) => {
  if (group.amiFamily?.startsWith("Windows") !== true) return;
  for (const key of ["overrideBootstrapCommand", "maxPodsPerNode"] as const) {
    if (!group[key]) continue;
    report([...at, key], "is not for Windows in a managed nodegroup: EKS lets the node join", {
      at: "key",
      reads: [[...at, "amiFamily"]],
    });
  }
});

export const nodeBootstrapRules: readonly Rule[] = [
  forBottlerocket,
  settings,
  nodeConfig,
  ami,
  familyOfImage,
  release,
  ubuntu,
  amazonLinux2,
  windows,
];
