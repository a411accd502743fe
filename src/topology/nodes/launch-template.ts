import { launchTemplateName } from "../../aws/names.ts";
import type { NodeGroupBase } from "../../config/types.ts";
import { type Handle, part } from "../../engine/graph.ts";
import {
  launchTemplate,
  type LaunchTemplateAttrs,
  type LaunchTemplateSpec,
} from "../../resources/ec2/launch-template.ts";
import type { ClusterAttrs } from "../../resources/eks/cluster.ts";
import type { Network } from "../network.ts";
import type { Scope } from "../scope.ts";
import { addSshSecurityGroup } from "./ssh.ts";
import { volumes, withPerformance } from "./volumes.ts";
import { nodegroupTags, type Wanted } from "./wanted.ts";

/** The template of the nodes, with the security groups that it needs. */
export function addLaunchTemplate(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  wanted: Wanted,
  instanceType: string | undefined,
  typeIsNamed: boolean,
): Handle<LaunchTemplateAttrs> {
  const { config, full, name } = wanted;
  const sshGroup = full.ssh?.allow === true ? addSshSecurityGroup(scope, network, wanted) : undefined;
  const given = config.securityGroups?.attachIDs ?? [];
  // EKS adds the cluster's group by itself only while the template names none.
  const groups =
    (sshGroup ?? given.length > 0) ? [part(cluster, "securityGroup"), ...(sshGroup ? [sshGroup] : [])] : [];
  return scope.graph.add(launchTemplate, {
    id: `launch-template/${name}`,
    name: launchTemplateName({ region: scope.region, cluster: scope.name }, name),
    spec: templateSpec(scope, wanted, withPerformance(wanted), typeIsNamed ? instanceType : undefined),
    initially: templateSpec(scope, wanted, full, instanceType),
    deps: { securityGroups: groups },
  });
}

/** @param group what is said of the template: the file's words, or those with the defaults. */
function templateSpec(
  scope: Scope,
  wanted: Wanted,
  group: NodeGroupBase,
  instanceType: string | undefined,
): LaunchTemplateSpec {
  const { config, full, name } = wanted;
  return {
    ...(instanceType === undefined ? {} : { instanceType }),
    volumes: volumes(group),
    ...(group.ssh?.publicKeyName === undefined ? {} : { keyName: group.ssh.publicKeyName }),
    securityGroupIds: config.securityGroups?.attachIDs ?? [],
    imds: {
      tokens: full.disableIMDSv1 === false ? "optional" : "required",
      hopLimit: full.disablePodIMDS === true ? 1 : 2,
    },
    ...(group.ebsOptimized === undefined ? {} : { ebsOptimized: group.ebsOptimized }),
    ...(group.enableDetailedMonitoring === undefined ? {} : { detailedMonitoring: group.enableDetailedMonitoring }),
    launchTags: { ...nodegroupTags(scope, wanted), Name: instanceName(scope, config) },
    tags: scope.tags(`launch-template/${name}`),
  };
}

function instanceName(scope: Scope, config: NodeGroupBase): string {
  const name = config.instanceName ?? `${scope.name}-${config.name}-Node`;
  return config.instancePrefix === undefined ? name : `${config.instancePrefix}-${name}`;
}
