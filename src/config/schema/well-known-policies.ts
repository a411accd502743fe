import * as z from "zod";
import { flag } from "./values.ts";

/** Permissions by name, for roles of service accounts. */
export const wellKnownPolicies = z
  .strictObject({
    imageBuilder: flag().describe("Push and pull images of ECR. Default: false.").exactOptional(),
    autoScaler: flag().describe("Cluster Autoscaler. Default: false.").exactOptional(),
    awsLoadBalancerController: flag().describe("AWS Load Balancer Controller. Default: false.").exactOptional(),
    externalDNS: flag().describe("ExternalDNS with Route 53. Default: false.").exactOptional(),
    certManager: flag().describe("cert-manager with Route 53. Default: false.").exactOptional(),
    ebsCSIController: flag().describe("The EBS CSI driver's controller. Default: false.").exactOptional(),
    efsCSIController: flag().describe("The EFS CSI driver's controller. Default: false.").exactOptional(),
  })
  .describe("Permissions by the name of what needs them.");
