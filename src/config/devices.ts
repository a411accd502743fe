/** The device of the disk that a nodegroup's volume keys are about: the root volume, or Bottlerocket's for data. */
export function mainDeviceOf(amiFamily: string): string {
  if (amiFamily.startsWith("Bottlerocket")) return "/dev/xvdb";
  return amiFamily.startsWith("Windows") || amiFamily.startsWith("Ubuntu") ? "/dev/sda1" : "/dev/xvda";
}
