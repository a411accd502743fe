import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { addSwitch, list } from "../../options/parse.ts";
import { addUnsupported, refuseUnsupported } from "../../options/unsupported.ts";
import { defined } from "../../options/section.ts";
import { type SettingFlags, addSettingOptions, changeSetting } from "../../setting.ts";

interface Flags extends SettingFlags {
  readonly privateAccess?: boolean;
  readonly publicAccess?: boolean;
  readonly publicAccessCidrs?: readonly string[];
  readonly controlPlaneEgressMode?: string;
}

const onlyInFiles = {
  "--control-plane-subnet-ids": "is for the file: say vpc.controlPlaneSubnetIDs, beside the vpc.subnets",
  "--control-plane-security-group-ids": "is for the file: say vpc.controlPlaneSecurityGroupIDs, beside the vpc.subnets",
};

export function define(command: Command): void {
  command.argument("[cidrs]", "as --public-access-cidrs");
  addSettingOptions(command);
  addSwitch(command, "--private-access", "reach the endpoint from within the VPC (default: as it is)");
  addSwitch(command, "--public-access", "reach the endpoint from the internet (default: as it is)");
  command
    .option("--public-access-cidrs <cidrs>", "from where on the internet (default: as it is)", list)
    .option("--control-plane-egress-mode <mode>", "AWS_MANAGED or CUSTOMER_ROUTED (default: as it is)");
  addUnsupported(command, onlyInFiles);
  addExamples(command, [
    "utils update-cluster-vpc-config --cluster dev --private-access --public-access=false",
    "utils update-cluster-vpc-config --cluster dev --public-access-cidrs 203.0.113.0/24",
    "utils update-cluster-vpc-config -f cluster.yaml",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, onlyInFiles);
  return changeSetting(call, {
    setting: "vpcConfig",
    leaves: ["subnets", "possibleSubnets", "securityGroups"],
    sections({ endpointAccess }) {
      const { privateAccess, publicAccess, publicAccessCidrs, controlPlaneEgressMode } = call.flags;
      const publicAccessCIDRs = publicAccessCidrs ?? cidrsOf(call);
      if ([privateAccess, publicAccess, publicAccessCIDRs, controlPlaneEgressMode].every((one) => one === undefined)) {
        throw new InputError("say what is to change: --private-access, --public-access, --public-access-cidrs", {
          hint: "see --help for examples",
        });
      }
      const clusterEndpoints = {
        privateAccess: privateAccess ?? endpointAccess.private,
        publicAccess: publicAccess ?? endpointAccess.public,
      };
      return { vpc: defined({ clusterEndpoints, publicAccessCIDRs, controlPlaneEgressMode }) };
    },
  });
}

function cidrsOf({ args: [cidrs] }: Call): readonly string[] | undefined {
  return cidrs === undefined ? undefined : list(cidrs, []);
}
