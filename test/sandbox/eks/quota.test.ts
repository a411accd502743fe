import {
  CreateClusterCommand,
  CreatePodIdentityAssociationCommand,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { defaultQuotas } from "../../../src/sandbox/quotas.ts";
import {
  cluster,
  clusterForNodes,
  clusterRequest,
  createNodegroup,
  describeNodegroup,
  makeRole,
  refused,
} from "./account.ts";

const exceeded = "ResourceLimitExceededException";

test("are AWS's unless a scenario says otherwise", async () => {
  expect(defaultQuotas).toMatchObject({ clusters: 100, nodegroups: 30, nodes: 450, fargateProfiles: 10 });
  const here = await clusterForNodes();
  const make = (index: number) =>
    createNodegroup(here, { nodegroupName: `ng${index}`, scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 1 } });
  for (let index = 0; index < 30; index++) await make(index);
  await refused(make(30), exceeded, "Managed node groups per cluster, at most 30");
  here.sandbox.scenario({ quotas: { nodegroups: 31 } });
  await make(30);
});

test("hold for clusters, nodes and pod identity associations", async () => {
  const here = await cluster();
  here.sandbox.scenario({ quotas: { clusters: 1, nodes: 3, podIdentityAssociations: 0 } });
  const another = new CreateClusterCommand(clusterRequest(here, { name: "d" }));
  await refused(here.eks.send(another), exceeded, "Clusters, at most 1");
  const tooMany = { minSize: 1, desiredSize: 1, maxSize: 4 };
  await refused(createNodegroup(here, { scalingConfig: tooMany }), exceeded, "Nodes per managed node group, at most 3");
  const roleArn = await makeRole(here, "pods", "pods.eks");
  await here.pass(60);
  const association = { clusterName: "c", namespace: "a", serviceAccount: "b", roleArn };
  await refused(here.eks.send(new CreatePodIdentityAssociationCommand(association)), exceeded, "Pod Identity");
});

test("of nodes hold for updates too, and that of vCPUs keeps instances from being launched", async () => {
  const here = await clusterForNodes();
  here.sandbox.scenario({ quotas: { nodes: 3, onDemandVcpus: 5 } });
  await createNodegroup(here, {
    instanceTypes: ["m5.large"],
    scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 3 },
  });
  await here.pass(durations.nodegroupCreate);
  expect((await describeNodegroup(here)).status).toBe("ACTIVE");
  const scale = (desiredSize: number, maxSize: number) =>
    here.eks.send(
      new UpdateNodegroupConfigCommand({
        clusterName: "c",
        nodegroupName: "ng",
        scalingConfig: { desiredSize, maxSize },
      }),
    );
  await refused(scale(4, 4), exceeded, "Nodes per managed node group, at most 3");
  await scale(3, 3);
  await here.pass(durations.nodegroupConfigUpdate);
  expect(await describeNodegroup(here)).toMatchObject({
    status: "DEGRADED",
    health: {
      issues: [
        {
          code: "AsgInstanceLaunchFailures",
          message: expect.stringContaining(
            "VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 5",
          ),
        },
      ],
    },
  });
});
