import { CreateLaunchTemplateVersionCommand, ModifyLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.ts";
import type { Live } from "../../engine/kind.ts";
import { versionDescription } from "./launch-template-boot-document.ts";
import type { LaunchTemplateAttrs } from "./launch-template.ts";

type Calling = Pick<AwsContext, "clients">;

/** A version like the latest one, with another image; resolves to its number. */
export async function changeImage(
  { attrs: { id, latestVersion, memory } }: Live<LaunchTemplateAttrs>,
  ImageId: string,
  ClientToken: string,
  { clients }: Calling,
): Promise<number> {
  const { LaunchTemplateVersion: made } = await clients.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: id,
      SourceVersion: String(latestVersion),
      LaunchTemplateData: { ImageId },
      ...(memory && { VersionDescription: versionDescription({ lasting: memory.lasting }) }),
      ClientToken,
    }),
  );
  await setDefault(id, made?.VersionNumber, { clients });
  return made?.VersionNumber ?? latestVersion + 1;
}

export async function setDefault(
  LaunchTemplateId: string,
  version: number | undefined,
  { clients }: Calling,
): Promise<void> {
  const DefaultVersion = String(version);
  await clients.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion }));
}
