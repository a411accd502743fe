import { hasGivenVpc, namedSubnets } from "../given-network.ts";
import { type Rule, forEachNodegroup } from "./rule.ts";

const enabled = ["privateCluster", "enabled"];

const endpoints: Rule = ({ privateCluster, vpc }, report) => {
  if (privateCluster === undefined) return;
  const { skipEndpointCreation, additionalEndpointServices } = privateCluster;
  const services = additionalEndpointServices?.length ?? 0;
  const at = ["privateCluster", "additionalEndpointServices"];
  if (privateCluster.enabled !== true) {
    const needs = { at: "key", reads: [enabled] } as const;
    if (skipEndpointCreation === true) report(["privateCluster", "skipEndpointCreation"], "needs enabled: true", needs);
    if (services > 0) report(at, "needs enabled: true", needs);
  } else if (skipEndpointCreation === true && services > 0) {
    report(at, "cannot stand beside skipEndpointCreation, with which no endpoints are made", { at: "key" });
  } else if (skipEndpointCreation === true && !hasGivenVpc({ vpc })) {
    report(["privateCluster", "skipEndpointCreation"], "needs a given VPC: in one of its own nodes do not reach AWS", {
      at: "key",
      reads: [
        ["vpc", "id"],
        ["vpc", "subnets"],
      ],
    });
  }
};

const network: Rule = ({ privateCluster, vpc, outpost }, report) => {
  if (privateCluster?.enabled !== true) return;
  const { publicAccess, privateAccess } = vpc?.clusterEndpoints ?? {};
  const reads = [enabled];
  if (publicAccess === true) {
    report(["vpc", "clusterEndpoints", "publicAccess"], "a private cluster has no public endpoint", { reads });
  }
  if (privateAccess === false) {
    report(["vpc", "clusterEndpoints", "privateAccess"], "a private cluster has its private endpoint only", { reads });
  }
  if (vpc?.publicAccessCIDRs !== undefined) {
    report(["vpc", "publicAccessCIDRs"], "a private cluster has no public endpoint", { at: "key", reads });
  }
  if (hasGivenVpc({ vpc })) {
    const subnets = namedSubnets({ vpc }).filter(({ visibility }) => visibility === "private");
    if (subnets.length < 2 && outpost === undefined) {
      report(["privateCluster", "enabled"], "needs at least two subnets under vpc.subnets.private, in two zones", {
        at: "key",
        reads: [["vpc", "subnets"]],
      });
    }
  } else if (vpc?.nat?.gateway !== undefined && vpc.nat.gateway !== "Disable") {
    report(["vpc", "nat", "gateway"], "a private cluster's VPC has no way to the internet, and no NAT gateway", {
      hint: "leave it out, or write Disable",
      reads,
    });
  }
};

const nodes = forEachNodegroup((group, at, report, { privateCluster }) => {
  if (privateCluster?.enabled !== true || group.privateNetworking === true) return;
  report(
    [...at, ...(group.privateNetworking === undefined ? [] : ["privateNetworking"])],
    "needs privateNetworking: true in a private cluster",
    {
      at: "key",
      reads: [enabled, [...at, "privateNetworking"]],
    },
  );
});

export const privateClusterRules: readonly Rule[] = [endpoints, network, nodes];
