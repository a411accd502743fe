import { al2023UserData } from "./al2023.ts";
import type { Boot } from "./boot.ts";
import { bootstrapScriptUserData } from "./bootstrap-script.ts";
import { bottlerocketUserData } from "./bottlerocket.ts";
import { windowsUserData } from "./windows.ts";

export type { Boot } from "./boot.ts";

/**
 * User data of a node, as text: what AWS makes up of the cluster stands for in it (`bootPlaceholders`). Undefined where there
 * is nothing to say.
 */
export function userData(amiFamily: string, boot: Boot): string | undefined {
  if (amiFamily.startsWith("Bottlerocket")) return bottlerocketUserData(boot);
  if (amiFamily.startsWith("Windows")) return windowsUserData(boot);
  if (amiFamily.startsWith("Ubuntu")) return bootstrapScriptUserData("Ubuntu", boot);
  return amiFamily === "AmazonLinux2" ? bootstrapScriptUserData(amiFamily, boot) : al2023UserData(boot);
}
