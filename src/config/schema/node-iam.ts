import * as z from "zod";
import { policyDocument } from "./policy-document.ts";
import { flag, instanceProfileArn, policyArn, policyArns, roleArn, roleName } from "./values.ts";

const addonPolicy = (what: string) => flag().describe(`${what}. Default: false.`).exactOptional();

const withAddonPolicies = z
  .strictObject({
    imageBuilder: addonPolicy("Push and pull images of ECR"),
    autoScaler: addonPolicy("Cluster Autoscaler"),
    externalDNS: addonPolicy("ExternalDNS with Route 53"),
    certManager: addonPolicy("cert-manager with Route 53"),
    appMesh: addonPolicy("AWS App Mesh"),
    appMeshPreview: addonPolicy("The preview channel of AWS App Mesh"),
    ebs: addonPolicy("EBS volumes"),
    fsx: addonPolicy("FSx file systems"),
    efs: addonPolicy("EFS file systems"),
    awsLoadBalancerController: addonPolicy("AWS Load Balancer Controller"),
    albIngress: addonPolicy("Deprecated: another name of awsLoadBalancerController"),
    xRay: addonPolicy("AWS X-Ray"),
    cloudWatch: addonPolicy("CloudWatch agent"),
  })
  .describe(
    "Permissions for every pod on the nodes, by the name of what needs them. Roles for service accounts are safer.",
  );

export const nodeIam = z
  .strictObject({
    instanceRoleARN: roleArn().describe("An existing role for the nodes. Default: one is made.").exactOptional(),
    instanceRoleName: roleName().describe("Name of the role that is made. Default: a generated one.").exactOptional(),
    instanceRolePermissionsBoundary: policyArn()
      .describe("Permissions boundary of the role that is made.")
      .exactOptional(),
    attachPolicyARNs: policyArns()
      .describe("Policies of the role that is made, instead of the usual ones: list those that nodes need, too.")
      .exactOptional(),
    attachPolicy: policyDocument()
      .describe("An inline policy for the role that is made, beside the others.")
      .exactOptional(),
    withAddonPolicies: withAddonPolicies.exactOptional(),
  })
  .describe("The nodes' role.");

export const selfManagedNodeIam = nodeIam
  .extend({
    instanceProfileARN: instanceProfileArn()
      .describe("An existing instance profile for the nodes, with the role that it holds. Default: one is made.")
      .exactOptional(),
  })
  .describe("The nodes' role.");
