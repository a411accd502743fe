import { bootPlaceholders } from "../../../resources/ec2/launch-template-boot-document.ts";
import { type Boot, kubeletFlags } from "./boot.ts";

/** Windows: a script of PowerShell. */
export function windowsUserData(boot: Boot): string | undefined {
  const { joins, preBootstrapCommands = [], overrideBootstrapCommand } = boot;
  const commands = [...preBootstrapCommands, ...(joins ? [overrideBootstrapCommand ?? bootstrap(boot)] : [])];
  if (commands.length === 0) return undefined;
  return ["<powershell>", ...(joins ? variables(boot) : []), ...commands, "</powershell>", ""].join("\n");
}

function variables(boot: Boot): readonly string[] {
  const { cluster, kubelet, maxPodsPerNode } = boot;
  const flags = [...kubeletFlags(boot), ...(maxPodsPerNode ? [`--max-pods=${maxPodsPerNode}`] : [])];
  const values = {
    EKSClusterName: cluster,
    APIServerEndpoint: bootPlaceholders.endpoint,
    Base64ClusterCA: bootPlaceholders.certificateAuthority,
    ServiceCIDR: bootPlaceholders.serviceCidr,
    DNSClusterIP: kubelet?.clusterDNS ?? bootPlaceholders.dns,
    KubeletExtraArgs: flags.join(" "),
  };
  return [
    String.raw`[string]$EKSBootstrapScriptFile = "$env:ProgramFiles\Amazon\EKS\Start-EKSBootstrap.ps1"`,
    ...Object.entries(values).map(([name, value]) => `[string]$${name} = '${value.replaceAll("'", "''")}'`),
  ];
}

function bootstrap({ kubelet, maxPodsPerNode }: Boot): string {
  const parameters = ["EKSClusterName", "APIServerEndpoint", "Base64ClusterCA", "ServiceCIDR", "DNSClusterIP"];
  if (kubelet !== undefined || maxPodsPerNode) parameters.push("KubeletExtraArgs");
  return `& $EKSBootstrapScriptFile ${parameters.map((name) => `-${name} $${name}`).join(" ")} 3>&1 4>&1 5>&1 6>&1`;
}
