import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { type SettingFlags, addSettingOptions, changeSetting } from "../../setting.ts";

interface Flags extends SettingFlags {
  readonly keyArn?: string;
  readonly encryptExistingSecrets?: boolean;
}

export function define(command: Command): void {
  addSettingOptions(command);
  command.option("--key-arn <arn>", "the KMS key; it stays for good");
  addSwitch(command, "--encrypt-existing-secrets", "write every secret anew, encrypted (default: true)");
  addExamples(command, [
    "utils enable-secrets-encryption --cluster dev --key-arn $KEY_ARN",
    "utils enable-secrets-encryption -f cluster.yaml --encrypt-existing-secrets=false",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { keyArn, encryptExistingSecrets = true } = call.flags;
  const { rewriteSecrets } = await import("../../../operations/secrets.ts");
  return changeSetting(call, {
    setting: "secretsEncryption",
    besideFile: ["--encrypt-existing-secrets"],
    sections: () => ({ secretsEncryption: { keyARN: required(keyArn, "--key-arn") } }),
    ...(encryptExistingSecrets && { finish: rewriteSecrets }),
  });
}
