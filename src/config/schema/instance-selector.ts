import * as z from "zod";
import { text, wholeNumber } from "./values.ts";

/** Instance types by what they are. */
export const instanceSelector = z
  .strictObject({
    vCPUs: wholeNumber(1, 1000).describe("Virtual CPUs, exactly.").exactOptional(),
    memory: z
      .union([
        z
          .string()
          .regex(/^\d+(?:\.\d+)?\s*(?:MiB|GiB|mb|gb|MB|GB)?$/, "must be an amount of memory, as 4, 4GiB or 512MiB"),
        z.number().positive("must be more than 0"),
      ])
      .describe("Memory, exactly: in GiB, unless a unit is given.")
      .exactOptional(),
    gpus: wholeNumber(0, 64).describe("GPUs, exactly. Default: 0.").exactOptional(),
    neuron_devices: wholeNumber(0, 64).describe("AWS Neuron devices, exactly. Default: 0.").exactOptional(),
    cpuArchitecture: z
      .enum(["x86_64", "amd64", "arm64"])
      .describe("Architecture; amd64 is x86_64. Default: x86_64.")
      .exactOptional(),
    allow: text().describe("Regular expression that the types' names must match.").exactOptional(),
    deny: text().describe("Regular expression that the types' names must not match.").exactOptional(),
  })
  .describe(
    "Instance types by what they are, instead of by name: chosen once, then kept until the selector is edited.",
  );
