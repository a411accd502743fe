import type { AMITypes } from "@aws-sdk/client-eks";
import { instanceTypeOf } from "../ec2/internal.ts";
import { amiTypes, releasesOf } from "./ami-types.ts";
import { type About, invalidParameter } from "./errors.ts";

/** The release that a nodegroup gets: the wanted one, or the newest. Throws InvalidParameterException unless EKS has it. */
export function releaseFor(amiType: AMITypes, wanted: string | undefined, minor: string, about: About): string {
  const releases = releasesOf(amiType, minor);
  const [newest] = releases;
  if (newest === undefined) {
    throw invalidParameter(`AMI type ${amiType} is not supported for kubernetes version ${minor}`, about);
  }
  if (wanted === undefined || releases.includes(wanted)) return wanted ?? newest;
  throw invalidParameter(`Requested release version ${wanted} is not valid for kubernetes version ${minor}.`, about);
}

/** Throws InvalidParameterException for types that do not exist or cannot boot the AMI. */
export function checkInstanceTypes(names: readonly string[], amiType: AMITypes, about: About): void {
  const ami = amiTypes[amiType];
  for (const name of names) {
    const type = instanceTypeOf(name);
    if (!type) throw invalidParameter(`The following supplied instance types do not exist: [${name}]`, about);
    if (ami && type.architecture !== ami.architecture) {
      throw invalidParameter(`[${name}] is not a valid instance type for requested amiType ${amiType}`, about);
    }
  }
}
