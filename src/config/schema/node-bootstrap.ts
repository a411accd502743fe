import * as z from "zod";
import { defaultAmiFamily } from "../default-values.ts";
import { refusedAmiFamilies } from "../unsupported.ts";
import { flag, readings, text, wholeNumber } from "./values.ts";

/** What the nodes boot, and what they are told then. */
export const nodeBootstrap = {
  amiFamily: z
    .enum([
      "AmazonLinux2023",
      "AmazonLinux2",
      "Bottlerocket",
      "BottlerocketFips",
      "Ubuntu2604",
      "UbuntuPro2604",
      "Ubuntu2404",
      "UbuntuPro2404",
      "Ubuntu2204",
      "UbuntuPro2204",
      "Ubuntu2004",
      "UbuntuPro2004",
      "WindowsServer2025CoreContainer",
      "WindowsServer2025FullContainer",
      "WindowsServer2022CoreContainer",
      "WindowsServer2022FullContainer",
      "WindowsServer2019CoreContainer",
      "WindowsServer2019FullContainer",
    ])
    .meta({
      description: "Operating system of the nodes; AmazonLinux2 ends with Kubernetes 1.32. Default: AmazonLinux2023.",
      default: defaultAmiFamily,
    })
    .register(readings, { anyCase: true, refused: refusedAmiFamilies })
    .exactOptional(),
  ami: z
    .string()
    .regex(/^(?:ami-[0-9a-f]{8,17}|auto|auto-ssm)$/, "must be the id of an image, as ami-0123456789abcdef0")
    .describe(
      "An image of one's own, of the operating system that amiFamily says. Default: the newest that its maker offers.",
    )
    .exactOptional(),
  maxPodsPerNode: wholeNumber(0, 1000)
    .describe("Most pods of a node. Default (and 0): what the instance type has addresses for.")
    .exactOptional(),
  preBootstrapCommands: z
    .array(text())
    .describe("Scripts that run on a node before it joins: of the shell, on Windows of PowerShell.")
    .exactOptional(),
  overrideBootstrapCommand: text()
    .describe(
      "AmazonLinux2023: a NodeConfig of nodeadm, which is merged over EKS's. Ubuntu and AmazonLinux2: the script that lets a node join.",
    )
    .exactOptional(),
  bottlerocket: z
    .strictObject({
      enableAdminContainer: flag()
        .describe("Run Bottlerocket's admin container. Default: true when SSH is allowed, else as the image has it.")
        .exactOptional(),
      settings: z
        .record(z.string(), z.unknown())
        .describe("Settings of Bottlerocket, as its documentation has them below `settings`.")
        .exactOptional(),
    })
    .describe("What Bottlerocket's nodes are told.")
    .exactOptional(),
};
