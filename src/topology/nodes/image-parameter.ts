import type { InstanceType } from "../../facts/types.ts";

type Hardware = Pick<InstanceType, "architecture" | "accelerator">;

/**
 * The public parameter of SSM that names the newest image of a family.
 *
 * @param version of Kubernetes: `1.34`.
 */
export function imageParameter(amiFamily: string, version: string, { architecture, accelerator }: Hardware): string {
  if (amiFamily.startsWith("Ubuntu")) return ubuntu(amiFamily, version, architecture);
  const nvidia = accelerator === "nvidia" ? "-nvidia" : "";
  if (amiFamily.startsWith("Bottlerocket")) {
    const fips = amiFamily === "BottlerocketFips" ? "-fips" : "";
    return `/aws/service/bottlerocket/aws-k8s-${version}${nvidia}${fips}/${architecture}/latest/image_id`;
  }
  const [, year, edition] = /^WindowsServer(\d+)(Core|Full)Container$/.exec(amiFamily) ?? [];
  if (year !== undefined) {
    return `/aws/service/ami-windows-latest/Windows_Server-${year}-English-${edition}-EKS_Optimized-${version}/image_id`;
  }
  if (amiFamily === "AmazonLinux2") {
    const variant = architecture === "arm64" ? "-arm64" : accelerator === "none" ? "" : "-gpu";
    return `/aws/service/eks/optimized-ami/${version}/amazon-linux-2${variant}/recommended/image_id`;
  }
  const variant = accelerator === "none" ? "standard" : accelerator;
  return `/aws/service/eks/optimized-ami/${version}/amazon-linux-2023/${architecture}/${variant}/recommended/image_id`;
}

function ubuntu(amiFamily: string, version: string, architecture: string): string {
  const release = amiFamily.slice(-4);
  const series = amiFamily.startsWith("UbuntuPro") ? "eks-pro" : "eks";
  const disk = release === "2004" || release === "2204" ? "ebs-gp2" : "ebs-gp3";
  const cpu = architecture === "arm64" ? "arm64" : "amd64";
  return `/aws/service/canonical/ubuntu/${series}/${release.slice(0, 2)}.${release.slice(2)}/${version}/stable/current/${cpu}/hvm/${disk}/ami-id`;
}
