import { createHash } from "node:crypto";
import { allReleases, amiTypes, imageIdOf } from "../eks/ami-types.ts";
import { kubernetesVersions } from "../eks/kubernetes-versions.ts";

/** An image for nodes that its maker gives to everybody. */
export interface PublishedImage {
  readonly id: string;
  /** Of the parameter that names it, below /aws/service/; absent: only EKS knows the image. */
  readonly parameter?: string;
  readonly architecture: "x86_64" | "arm64";
  readonly rootDevice: "/dev/xvda" | "/dev/sda1";
}

type Architecture = PublishedImage["architecture"];
const architectures: readonly Architecture[] = ["x86_64", "arm64"];

/** All of a region. */
export function publishedImages(region: string): readonly PublishedImage[] {
  return kubernetesVersions.flatMap(({ minor }) => [
    ...parametersOf(minor).map(([parameter, architecture, rootDevice]) => {
      const digest = createHash("sha256").update(`${region}/${parameter}`).digest("hex");
      return { id: `ami-0${digest.slice(0, 16)}`, parameter, architecture, rootDevice };
    }),
    ...allReleases(minor).flatMap(({ amiType, releases }) =>
      releases.map((release) => ({
        id: imageIdOf(region, amiType, minor, release),
        architecture: amiTypes[amiType]?.architecture ?? "x86_64",
        rootDevice: amiTypes[amiType]?.system === "windows" ? ("/dev/sda1" as const) : ("/dev/xvda" as const),
      })),
    ),
  ]);
}

type Parameter = readonly [name: string, Architecture, rootDevice: PublishedImage["rootDevice"]];

/** Names of images as their makers publish them for a minor (EKS user guide, "Retrieve recommended AMI IDs"). */
function parametersOf(minor: string): readonly Parameter[] {
  return [...amazonLinux(minor), ...bottlerocket(minor), ...windows(minor), ...ubuntu(minor)];
}

function amazonLinux(minor: string): readonly Parameter[] {
  const image = (path: string, architecture: Architecture): Parameter => [
    `eks/optimized-ami/${minor}/${path}/recommended/image_id`,
    architecture,
    "/dev/xvda",
  ];
  const older = ["1.31", "1.32"].includes(minor) ? (["", "-gpu", "-arm64"] as const) : [];
  return [
    ...["standard", "nvidia", "neuron"].map((use) => image(`amazon-linux-2023/x86_64/${use}`, "x86_64")),
    ...["standard", "nvidia"].map((use) => image(`amazon-linux-2023/arm64/${use}`, "arm64")),
    ...older.map((variant) => image(`amazon-linux-2${variant}`, variant === "-arm64" ? "arm64" : "x86_64")),
  ];
}

function bottlerocket(minor: string): readonly Parameter[] {
  return ["", "-nvidia", "-fips", "-nvidia-fips"].flatMap((variant) =>
    architectures.map((architecture): Parameter => {
      return [`bottlerocket/aws-k8s-${minor}${variant}/${architecture}/latest/image_id`, architecture, "/dev/xvda"];
    }),
  );
}

function windows(minor: string): readonly Parameter[] {
  return ["2019", "2022", "2025"].flatMap((year) =>
    ["Core", "Full"].map((edition): Parameter => {
      const name = `Windows_Server-${year}-English-${edition}-EKS_Optimized-${minor}`;
      return [`ami-windows-latest/${name}/image_id`, "x86_64", "/dev/sda1"];
    }),
  );
}

function ubuntu(minor: string): readonly Parameter[] {
  return ["eks", "eks-pro"].flatMap((series) =>
    ["20.04", "22.04", "24.04"].flatMap((release) =>
      architectures.flatMap((architecture) =>
        ["gp2", "gp3"].map((disk): Parameter => {
          const cpu = architecture === "arm64" ? "arm64" : "amd64";
          const name = `canonical/ubuntu/${series}/${release}/${minor}/stable/current/${cpu}/hvm/ebs-${disk}/ami-id`;
          return [name, architecture, "/dev/sda1"];
        }),
      ),
    ),
  );
}
