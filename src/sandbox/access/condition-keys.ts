/** Condition keys that the sandbox fills in, as the Service Authorization Reference writes them. */
const singleValued = [
  "aws:PrincipalArn",
  "aws:PrincipalAccount",
  "aws:PrincipalType",
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:userid",
  "aws:username",
  "ec2:CreateAction",
  "ec2:InstanceType",
  "ec2:IsLaunchTemplateResource",
  "ec2:LaunchTemplate",
  "ec2:Region",
  "ec2:Vpc",
  "eks:accessEntryType",
  "eks:accessScope",
  "eks:authenticationMode",
  "eks:bootstrapClusterCreatorAdminPermissions",
  "eks:bootstrapSelfManagedAddons",
  "eks:clusterName",
  "eks:controlPlaneEgressMode",
  "eks:controlPlaneScalingTier",
  "eks:deletionProtection",
  "eks:endpointPrivateAccess",
  "eks:endpointPublicAccess",
  "eks:kubernetesVersion",
  "eks:policyArn",
  "eks:principalArn",
  "eks:supportType",
  "eks:username",
  "eks:zonalShiftEnabled",
  "elasticloadbalancing:CreateAction",
  "iam:AWSServiceName",
  "iam:PassedToService",
  "iam:PermissionsBoundary",
  "iam:PolicyARN",
  // Never there: EKS does not say it of its grants.
  "kms:GrantIsForAWSResource",
  "ssm:Overwrite",
  "ssm:Recursive",
];
const multivalued = ["aws:TagKeys", "eks:encryptionConfigProviderKeyArns", "eks:kubernetesGroups", "eks:namespaces"];
/** What follows the slash is a tag's key, or a log type. */
const prefixes = [
  "aws:RequestTag/",
  "aws:ResourceTag/",
  "autoscaling:ResourceTag/",
  "ec2:ResourceTag/",
  "eks:loggingType/",
  "elasticloadbalancing:ResourceTag/",
  "iam:ResourceTag/",
  "ssm:resourceTag/",
];

const valuedness = new Map([
  ...singleValued.map((key) => [key.toLowerCase(), "single"] as const),
  ...multivalued.map((key) => [key.toLowerCase(), "multiple"] as const),
]);

/** How many values a request has of a condition key; undefined for a key that the sandbox does not know. */
export function valuesOf(key: string): "single" | "multiple" | undefined {
  const folded = key.toLowerCase();
  if (prefixes.some((prefix) => folded.startsWith(prefix.toLowerCase()) && folded.length > prefix.length)) {
    return "single";
  }
  return valuedness.get(folded);
}
