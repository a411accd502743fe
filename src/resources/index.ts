import type { AwsContext } from "../aws/context.ts";
import type { AnyDerivedKind, AnyKind } from "../engine/kind.ts";
import { stack } from "./cloudformation/stack.ts";
import { classicLoadBalancer } from "./derived/classic-load-balancer.ts";
import { clusterSecurityGroup } from "./derived/cluster-security-group.ts";
import { derivedInstanceProfile } from "./derived/instance-profile.ts";
import { instance } from "./derived/instance.ts";
import { lateLogGroup } from "./derived/late-log-group.ts";
import { loadBalancer } from "./derived/load-balancer.ts";
import { networkInterface } from "./derived/network-interface.ts";
import { derivedSecurityGroupRule } from "./derived/security-group-rule.ts";
import { derivedSecurityGroup } from "./derived/security-group.ts";
import { targetGroup } from "./derived/target-group.ts";
import { volume } from "./derived/volume.ts";
import { egressOnlyInternetGateway } from "./ec2/egress-only-internet-gateway.ts";
import { elasticIp } from "./ec2/elastic-ip.ts";
import { internetGateway } from "./ec2/internet-gateway.ts";
import { keyPair } from "./ec2/key-pair.ts";
import { launchTemplate } from "./ec2/launch-template.ts";
import { natGateway } from "./ec2/nat-gateway.ts";
import { placementGroup } from "./ec2/placement-group.ts";
import { routeTable } from "./ec2/route-table.ts";
import { securityGroupRule } from "./ec2/security-group-rule.ts";
import { securityGroup } from "./ec2/security-group.ts";
import { subnet } from "./ec2/subnet.ts";
import { transitGatewayAttachment } from "./ec2/transit-gateway-attachment.ts";
import { vpcEndpoint } from "./ec2/vpc-endpoint.ts";
import { vpc } from "./ec2/vpc.ts";
import { vpnGatewayAttachment } from "./ec2/vpn-gateway-attachment.ts";
import { accessEntry } from "./eks/access-entry.ts";
import { addon } from "./eks/addon.ts";
import { capability } from "./eks/capability.ts";
import { cluster } from "./eks/cluster.ts";
import { fargateProfile } from "./eks/fargate-profile.ts";
import { identityProviderConfig } from "./eks/identity-provider-config.ts";
import { nodegroup } from "./eks/nodegroup.ts";
import { podIdentityAssociation } from "./eks/pod-identity-association.ts";
import { eventRule } from "./events/rule.ts";
import { instanceProfile } from "./iam/instance-profile.ts";
import { oidcProvider } from "./iam/oidc-provider.ts";
import { role } from "./iam/role.ts";
import { devicePlugin } from "./kube/device-plugin.ts";
import { fluxBootstrap } from "./kube/flux-bootstrap.ts";
import { helmRelease } from "./kube/helm-release.ts";
import { identityMappings } from "./kube/identity-mappings.ts";
import { nodeMapping } from "./kube/node-mapping.ts";
import { kubernetesObject } from "./kube/object.ts";
import { serviceAccount } from "./kube/service-account.ts";
import { kubeconfig } from "./local/kubeconfig.ts";
import { logGroup } from "./logs/log-group.ts";
import { profile } from "./rolesanywhere/profile.ts";
import { trustAnchor } from "./rolesanywhere/trust-anchor.ts";
import { queue } from "./sqs/queue.ts";

/** The registry: every kind of resource that a cluster consists of. */
export const kinds: readonly AnyKind<AwsContext>[] = [
  vpc,
  internetGateway,
  egressOnlyInternetGateway,
  subnet,
  elasticIp,
  natGateway,
  routeTable,
  transitGatewayAttachment,
  vpnGatewayAttachment,
  vpcEndpoint,
  securityGroup,
  securityGroupRule,
  keyPair,
  placementGroup,
  launchTemplate,
  trustAnchor,
  role,
  profile,
  instanceProfile,
  oidcProvider,
  queue,
  eventRule,
  logGroup,
  cluster,
  accessEntry,
  identityProviderConfig,
  addon,
  capability,
  podIdentityAssociation,
  nodegroup,
  serviceAccount,
  fargateProfile,
  stack,
  kubernetesObject,
  identityMappings,
  nodeMapping,
  devicePlugin,
  helmRelease,
  fluxBootstrap,
  kubeconfig,
];

/** What Kubernetes and EKS make for a cluster: never wanted by a file, and deleted with the cluster. */
export const derivedKinds: readonly AnyDerivedKind<AwsContext>[] = [
  instance,
  derivedInstanceProfile,
  classicLoadBalancer,
  loadBalancer,
  targetGroup,
  derivedSecurityGroupRule,
  derivedSecurityGroup,
  clusterSecurityGroup,
  networkInterface,
  volume,
  lateLogGroup,
];
