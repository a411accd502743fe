import { type Command, Option } from "commander";

export function addOnFailureOption(command: Command): void {
  command.addOption(
    new Option(
      "--on-failure <what>",
      "auto: undo everything while the control plane has never been ready, keep it from then on",
    )
      .choices(["auto", "keep", "rollback"])
      .default("auto"),
  );
}
