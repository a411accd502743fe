import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";

export function define(command: Command): void {
  addPartOptions(command, "bootstraps", "create");
  addExamples(command, ["enable flux -f cluster.yaml"]);
}

export async function run(call: Call<PartFlags>): Promise<ExitCode> {
  required(call.flags.configFile, "--config-file/-f");
  return changePart(call, {
    part: "flux",
    verb: "create",
    narrow(file) {
      if (file.gitops?.flux) return file;
      throw new InputError("the file has no gitops.flux", { hint: "it says which Git repository Flux follows" });
    },
    listing: {
      title: "bootstrap",
      list: async (session, cluster) => (await import("../../../operations/flux.ts")).listFlux(session, cluster),
      table: ([flux]) => [flux ? `Flux is in the namespace ${flux.namespace}` : "Flux is not bootstrapped yet"],
    },
    sections: () => ({}),
  });
}
