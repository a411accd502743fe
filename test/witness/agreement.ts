import { expect } from "vitest";
import type { Account } from "./account.ts";
import type { EksAddon, EksCluster, EksNodegroup } from "./aws-answers.ts";

interface Named {
  readonly name: string;
}

/** Both describe the same control plane, and it is up. */
export async function agreeOnCluster(account: Account, name: string): Promise<void> {
  const [[ours], { cluster: theirs }] = await Promise.all([
    account.ekstoolJson<Record<string, unknown>[]>("get", "cluster", "--name", name),
    account.aws<{ cluster: EksCluster }>("eks", "describe-cluster", "--name", name),
  ]);
  const vpc = theirs.resourcesVpcConfig;
  expect(theirs.status).toBe("ACTIVE");
  expect(ours).toMatchObject({
    name: theirs.name,
    arn: theirs.arn,
    status: "ready",
    version: theirs.version,
    platformVersion: theirs.platformVersion,
    createdAt: new Date(theirs.createdAt).toISOString(),
    endpoint: theirs.endpoint,
    vpcId: vpc.vpcId,
    subnetIds: vpc.subnetIds.toSorted(),
    securityGroupIds: vpc.securityGroupIds,
    clusterSecurityGroupId: vpc.clusterSecurityGroupId,
    roleArn: theirs.roleArn,
    oidcIssuer: theirs.identity.oidc.issuer,
    authenticationMode: theirs.accessConfig.authenticationMode,
    endpointAccess: {
      public: vpc.endpointPublicAccess,
      private: vpc.endpointPrivateAccess,
      publicCidrs: vpc.publicAccessCidrs.toSorted(),
    },
    logging: theirs.logging.clusterLogging.flatMap(({ enabled, types }) => (enabled ? types : [])).toSorted(),
    tags: theirs.tags,
  });
}

/** Both describe the same nodegroups, and all of them are up; returns their names. */
export async function agreeOnNodegroups(account: Account, cluster: string): Promise<readonly string[]> {
  const ofCluster = ["--cluster-name", cluster] as const;
  const [ours, { nodegroups: names }] = await Promise.all([
    account.ekstoolJson<Named[]>("get", "nodegroup", "--cluster", cluster),
    account.aws<{ nodegroups: string[] }>("eks", "list-nodegroups", ...ofCluster),
  ]);
  expect(names.toSorted()).toEqual(ours.map(({ name }) => name).toSorted());
  for (const each of ours) {
    const args = ["eks", "describe-nodegroup", ...ofCluster, "--nodegroup-name", each.name];
    const { nodegroup: theirs } = await account.aws<{ nodegroup: EksNodegroup }>(...args);
    const { minSize, maxSize, desiredSize } = theirs.scalingConfig;
    expect(theirs.status).toBe("ACTIVE");
    expect(each).toMatchObject({
      arn: theirs.nodegroupArn,
      status: "ready",
      version: theirs.version,
      releaseVersion: theirs.releaseVersion,
      amiType: theirs.amiType,
      capacityType: theirs.capacityType,
      labels: theirs.labels ?? {},
      roleArn: theirs.nodeRole,
      subnetIds: theirs.subnets.toSorted(),
      minSize,
      maxSize,
      desiredCapacity: desiredSize,
    });
  }
  return names;
}

/** Both describe the same add-ons, and all of them are up; returns their names. */
export async function agreeOnAddons(account: Account, cluster: string): Promise<readonly string[]> {
  const ofCluster = ["--cluster-name", cluster] as const;
  const [ours, { addons: names }] = await Promise.all([
    account.ekstoolJson<Named[]>("get", "addon", "--cluster", cluster),
    account.aws<{ addons: string[] }>("eks", "list-addons", ...ofCluster),
  ]);
  expect(names.toSorted()).toEqual(ours.map(({ name }) => name).toSorted());
  for (const each of ours) {
    const args = ["eks", "describe-addon", ...ofCluster, "--addon-name", each.name];
    const { addon } = await account.aws<{ addon: EksAddon }>(...args);
    expect(addon.status).toBe("ACTIVE");
    expect(each).toMatchObject({
      arn: addon.addonArn,
      status: "ready",
      version: addon.addonVersion,
      serviceAccountRoleArn: addon.serviceAccountRoleArn ?? null,
    });
  }
  return names;
}
