import type { Command } from "commander";
import type { Devices } from "../../resources/kube/device-plugin.ts";
import { addSwitch } from "./parse.ts";

export interface DevicePluginFlags {
  readonly installNvidiaPlugin?: boolean;
  readonly installNeuronPlugin?: boolean;
}

export const devicePluginOptionNames = ["--install-nvidia-plugin", "--install-neuron-plugin"] as const;

export function addDevicePluginOptions(command: Command): void {
  addSwitch(
    command,
    "--install-nvidia-plugin",
    "install NVIDIA's device plugin for GPU nodes that need it (default: true)",
  );
  addSwitch(
    command,
    "--install-neuron-plugin",
    "install the device plugin for Inferentia and Trainium (default: true)",
  );
}

/** Those that are not to be installed. */
export function withoutDevicePlugins(flags: DevicePluginFlags): readonly Devices[] {
  return [
    ...(flags.installNvidiaPlugin === false ? (["nvidia"] as const) : []),
    ...(flags.installNeuronPlugin === false ? (["neuron"] as const) : []),
  ];
}
