import { describe, expect, it } from "vitest";
import { absentAsNull, causeClass, classify, describeAwsError } from "../../src/aws/errors.ts";
import { FailedError, InputError, RefusedError, StillWorkingError } from "../../src/errors.ts";

function awsError(name: string, message = "", status = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status, requestId: "r-1" } });
}

describe("classify", () => {
  it.each([
    ["InvalidParameterException", "Role with arn: x, could not be assumed because it does not exist", "propagation"],
    ["InvalidParameterException", "The specified principalArn is invalid: invalid principal.", "propagation"],
    [
      "InvalidParameterValue",
      "Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
      "propagation",
    ],
    ["MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"arn"', "propagation"],
    ["Gateway.NotAttached", "Network vpc-1 has no Internet gateway attached", "propagation"],
    ["DependencyViolation", "The vpc 'vpc-1' has dependencies and cannot be deleted.", "dependency"],
    ["DeleteConflictException", "Cannot delete entity, must detach all policies first.", "dependency"],
    ["InvalidIPAddress.InUse", "Address 1.2.3.4 is in use.", "dependency"],
    ["ResourceInUseException", "Cluster has nodegroups attached", "dependency"],
    ["ResourceInUseException", "Cluster already exists with name: demo", "exists"],
    ["EntityAlreadyExistsException", "Role with name demo already exists.", "exists"],
    ["InvalidGroup.Duplicate", "", "exists"],
    ["InvalidPermission.Duplicate", "", "exists"],
    ["RouteAlreadyExists", "", "exists"],
    ["InvalidSubnet.Conflict", "The CIDR '10.0.0.0/24' conflicts with another subnet", "exists"],
    [
      "ResourceInUseException",
      "Cannot UpdateClusterConfig because cluster demo currently has update in progress",
      "busy",
    ],
    ["InvalidRequestException", "Cluster 'demo' is not in ACTIVE status", "busy"],
    ["ConcurrentModificationException", "", "busy"],
    ["InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist", "not-found"],
    ["InvalidLaunchTemplateName.NotFoundException", "", "not-found"],
    ["NatGatewayNotFound", "", "not-found"],
    ["NoSuchEntityException", "", "not-found"],
    ["ResourceNotFoundException", "No cluster found for name: demo.", "not-found"],
    ["Gateway.NotAttached", "resource igw-1 is not attached to network vpc-1", "not-found"],
    ["RequestLimitExceeded", "Request limit exceeded.", "throttled"],
    ["ThrottlingException", "Rate exceeded", "throttled"],
    ["LimitExceededException", "Cannot exceed quota for RolesPerAccount: 1000", undefined],
    ["VpcLimitExceeded", "The maximum number of VPCs has been reached.", undefined],
    ["AccessDenied", "User: x is not authorized to perform: iam:CreateRole", undefined],
    ["InvalidParameterException", "unsupported Kubernetes version", undefined],
  ])("%s %s: %s", (name, message, condition) => {
    expect(classify(awsError(name, message))).toBe(condition);
  });

  it("takes an error of ours, or a defect, for what it says", () => {
    expect(classify(new RefusedError("x.NotFound"))).toBeUndefined();
    expect(classify(new TypeError("x is undefined"))).toBeUndefined();
    expect(classify(undefined)).toBeUndefined();
  });

  it("does not know whether a call without an answer was done", () => {
    expect(classify(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }))).toBe("ambiguous");
    expect(classify(awsError("InternalFailure", "", 500))).toBe("ambiguous");
    expect(classify(awsError("RequestTimeout", "", 408))).toBe("ambiguous");
  });
});

describe("causeClass", () => {
  it.each([
    ["AddressLimitExceeded", "", "quota"],
    ["LimitExceededException", "Cannot exceed quota", "quota"],
    ["ResourceLimitExceededException", "", "quota"],
    ["RequestLimitExceeded", "", "transient"],
    ["UnauthorizedOperation", "", "permission"],
    ["AccessDeniedException", "", "permission"],
    ["ExpiredTokenException", "", "credentials"],
    ["CredentialsProviderError", "Could not load credentials from any providers", "credentials"],
    ["UnsupportedAvailabilityZoneException", "", "capacity"],
    ["EntityAlreadyExistsException", "", "conflict"],
    ["InvalidGroup.Duplicate", "", "conflict"],
    ["ValidationError", "", "config"],
    ["Whatever", "", "internal"],
  ])("%s %s: %s", (name, message, cause) => {
    expect(causeClass(awsError(name, message))).toBe(cause);
  });

  it("knows our own errors, and looks into what they quote", () => {
    expect(causeClass(new InputError("x"))).toBe("config");
    expect(causeClass(new StillWorkingError("x"))).toBe("timeout");
    expect(causeClass(new FailedError("nodegroup", { cause: awsError("VpcLimitExceeded") }))).toBe("quota");
    const issue = "AsgInstanceLaunchFailures: You've reached your quota, VcpuLimitExceeded";
    expect(causeClass(new FailedError(issue))).toBe("quota");
    expect(causeClass(new FailedError("Ec2: InsufficientInstanceCapacity in us-west-2a"))).toBe("capacity");
  });
});

describe("describeAwsError", () => {
  it("quotes AWS and says what to do", () => {
    const said = describeAwsError(awsError("AddressLimitExceeded", "Too many addresses allocated."));
    expect(said).toMatchObject({
      code: "AddressLimitExceeded",
      message: "Too many addresses allocated.",
      requestId: "r-1",
    });
    expect(said.hint).toContain("--quota-code L-0263D0A3");
  });

  it.each([
    [new Error("Region is missing"), "AWS_REGION"],
    [
      awsError("CredentialsProviderError", "The SSO session associated with this profile has expired."),
      "aws sso login",
    ],
    [awsError("CredentialsProviderError", "Could not load credentials from any providers"), "--sandbox"],
    [
      new FailedError(
        "AsgInstanceLaunchFailures: Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state",
      ),
      "AWSServiceRoleForAutoScaling",
    ],
    [awsError("ExpiredToken", "The security token included in the request is expired"), "expired"],
  ])("%s", (error, hint) => {
    expect(describeAwsError(error).hint).toContain(hint);
  });
});

describe("absentAsNull", () => {
  it("takes only absence for null", async () => {
    expect(await absentAsNull(() => Promise.resolve(1))).toBe(1);
    expect(await absentAsNull(() => Promise.reject(awsError("InvalidVpcID.NotFound")))).toBeNull();
    await expect(absentAsNull(() => Promise.reject(awsError("AccessDenied", "no")))).rejects.toThrow("no");
  });
});
