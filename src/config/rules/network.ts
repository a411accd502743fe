import { type Cidr, contains, overlaps, parseCidr, privateBlocks } from "../cidr.ts";
import { hasGivenVpc } from "../given-network.ts";
import { type Rule, present } from "./rule.ts";
import { vpcBlock } from "./vpc-block.ts";

const cidrs = (...texts: readonly string[]): readonly Cidr[] => texts.flatMap((text) => parseCidr(text) ?? []);

/** Blocks that EC2 gives to no VPC. */
const unusable = cidrs("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3");

const vpcCidr: Rule = ({ vpc }, report) => {
  const cidr = parseCidr(vpc?.cidr ?? "");
  if (!cidr || hasGivenVpc({ vpc })) return;
  const path = ["vpc", "cidr"];
  // A /24 is split into sixteen subnets of /28, the smallest that EC2 makes.
  if (cidr.prefix < 16 || cidr.prefix > 24) report(path, `the prefix must be from /16 to /24, not /${cidr.prefix}`);
  else if (unusable.some((block) => overlaps(block, cidr))) report(path, `${vpc?.cidr} cannot be the block of a VPC`);
};

const serviceCidr: Rule = (config, report) => {
  const text = config.kubernetesNetworkConfig?.serviceIPv4CIDR;
  const cidr = parseCidr(text ?? "");
  if (!cidr) return;
  const path = ["kubernetesNetworkConfig", "serviceIPv4CIDR"];
  if (cidr.prefix < 12 || cidr.prefix > 24) {
    report(path, `the prefix must be from /12 to /24, not /${cidr.prefix}`);
  } else if (!privateBlocks.some((block) => contains(block, cidr))) {
    report(path, `${text} must lie within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`);
  }
  const { text: ofVpc, cidr: block, ...way } = vpcBlock(config) ?? {};
  if (block && overlaps(block, cidr)) {
    report(path, `${text} overlaps the VPC's block ${ofVpc}`, { reads: [["vpc", "cidr"]], ...way });
  }
};

/** Addresses that nobody has on the internet; EKS refuses them for the public endpoint. */
const notPublic = [...privateBlocks, ...cidrs("100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")];

const publicAccess: Rule = ({ vpc }, report) => {
  for (const [index, text] of present(vpc?.publicAccessCIDRs)) {
    const cidr = parseCidr(text);
    if (!cidr || !notPublic.some((block) => contains(block, cidr))) continue;
    report(
      ["vpc", "publicAccessCIDRs", index],
      `${text} is a private block, from which nobody reaches the public endpoint`,
      {
        hint: "private networks reach the private endpoint: see clusterEndpoints.privateAccess and extraCIDRs",
      },
    );
  }
};

export const networkRules: readonly Rule[] = [vpcCidr, serviceCidr, publicAccess];
