import type { Edit, Part, Request } from "./golden-table.ts";

const account = { namespace: "web", serviceAccountName: "api" };
const sqs = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess";
const s3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const association = { clusterName: "demo", associationId: "<pod-identity/web/api>" };
const role = { RoleName: "<role/pod/web/api>" };
const sessionPolicy = '{"Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}';

const agent: Part = { addons: [{ name: "eks-pod-identity-agent" }] };
const associations = (...list: readonly Part[]): Part => ({ iam: { podIdentityAssociations: list } });
/** The edit of the one association of a cluster. */
const edit = (what: string, from: Part, to: Part, requests: readonly Request[], more: Partial<Edit> = {}): Edit => ({
  what: `a pod identity association's ${what}`,
  given: { ...agent, ...associations({ ...account, ...from }) },
  file: associations({ ...account, ...to }),
  requests,
  ...more,
});
const remember: Request = ["iam.TagRole", { ...role, Tags: [{ Key: "ekstool.dev/policies", Value: "(remembered)" }] }];

export const identityEdits: readonly Edit[] = [
  {
    what: "a pod identity association more",
    given: agent,
    file: associations({ ...account, permissionPolicyARNs: [sqs], tags: { owner: "ann" } }),
    requests: [
      [
        "iam.CreateRole",
        {
          ...role,
          Path: "/ekstool/us-west-2/demo/",
          AssumeRolePolicyDocument:
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["pods.eks.amazonaws.com"]},"Action":["sts:AssumeRole","sts:TagSession"]}]}',
        },
      ],
      ["iam.AttachRolePolicy", { ...role, PolicyArn: sqs }],
      [
        "eks.CreatePodIdentityAssociation",
        {
          clusterName: "demo",
          namespace: "web",
          serviceAccount: "api",
          roleArn: "<role/pod/web/api>",
          tags: { owner: "ann", "ekstool.dev/id": "pod-identity/web/api" },
        },
      ],
    ],
  },
  edit("permissionPolicyARNs", { permissionPolicyARNs: [sqs] }, { permissionPolicyARNs: [s3] }, [
    remember,
    ["iam.AttachRolePolicy", { ...role, PolicyArn: s3 }],
    ["iam.DetachRolePolicy", { ...role, PolicyArn: sqs }],
    remember,
  ]),
  edit(
    "roleARN",
    { roleARN: "arn:aws:iam::111122223333:role/pods" },
    { roleARN: "arn:aws:iam::111122223333:role/other-pods" },
    [["eks.UpdatePodIdentityAssociation", { ...association, roleArn: "arn:aws:iam::111122223333:role/other-pods" }]],
  ),
  edit(
    "targetRoleARN",
    { permissionPolicyARNs: [sqs], targetRoleARN: "arn:aws:iam::444455556666:role/a" },
    { permissionPolicyARNs: [sqs], targetRoleARN: "arn:aws:iam::444455556666:role/b" },
    [["eks.UpdatePodIdentityAssociation", { ...association, targetRoleArn: "arn:aws:iam::444455556666:role/b" }]],
  ),
  edit(
    "session policy",
    { permissionPolicyARNs: [sqs], disableSessionTags: false },
    { permissionPolicyARNs: [sqs], disableSessionTags: true, policy: sessionPolicy },
    [["eks.UpdatePodIdentityAssociation", { ...association, disableSessionTags: true, policy: sessionPolicy }]],
    { stays: true },
  ),
  edit(
    "permissionsBoundaryARN",
    { permissionPolicyARNs: [sqs], permissionsBoundaryARN: s3 },
    { permissionPolicyARNs: [sqs], permissionsBoundaryARN: sqs },
    [["iam.PutRolePermissionsBoundary", { ...role, PermissionsBoundary: sqs }]],
  ),
  edit(
    "tags",
    { permissionPolicyARNs: [sqs] },
    { permissionPolicyARNs: [sqs], tags: { owner: "ann" } },
    [
      ["iam.TagRole", role],
      ["eks.TagResource", { resourceArn: "<pod-identity/web/api>", tags: { owner: "ann" } }],
    ],
    { unordered: true },
  ),
];
