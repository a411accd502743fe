import { defaultAmiFamily } from "../../config/default-values.ts";
import type { NodeGroupBase } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import type { Image, InstanceType } from "../../facts/types.ts";
import type { Scope } from "../scope.ts";

/**
 * The image that the file names for the nodes; undefined: it names none.
 *
 * @param group with its defaults.
 * @throws InputError for one that is not there, or does not do.
 */
export function givenImage(
  { facts, region }: Scope,
  { name, ami, amiFamily = defaultAmiFamily, volumeSize = 0, volumeName }: NodeGroupBase,
  types: readonly InstanceType[],
): Image | undefined {
  if (ami?.startsWith("ami-") !== true) return undefined;
  const image = facts.images[ami];
  const wrong = (what: string, hint: string) => new InputError(`nodegroup ${name}: ${what}`, { hint });
  if (!image)
    throw wrong(`there is no image ${ami} in ${region}`, "images are the region's: copy it there, or name another");
  const { architecture, state, rootDevice, rootSize } = image;
  if (state !== "available") throw wrong(`the image ${ami} is ${state}, and must be available`, "name another image");
  const other = types.find((type) => type.architecture !== architecture);
  if (other) {
    throw wrong(
      `the image ${ami} is for ${architecture}, and ${other.name} is ${other.architecture}`,
      `name an image for ${other.architecture}, or types that are ${architecture}`,
    );
  }
  const isRoot = !amiFamily.startsWith("Bottlerocket") && (volumeName ?? rootDevice) === rootDevice;
  if (isRoot && volumeSize < rootSize) {
    throw wrong(
      `the disk has ${volumeSize} GiB, and the image ${ami} needs ${rootSize}`,
      `set volumeSize to ${rootSize} at least`,
    );
  }
  return image;
}
