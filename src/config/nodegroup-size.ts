import { defaultNodes } from "./default-values.ts";

interface GivenSize {
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  readonly desiredCapacity?: number | undefined;
}

/** The size of a nodegroup with what the file leaves open, as in eksctl. */
export function nodegroupSize(given: GivenSize): { minSize: number; maxSize: number; desiredCapacity: number } {
  const minSize = given.minSize ?? given.desiredCapacity ?? defaultNodes;
  return {
    minSize,
    maxSize: given.maxSize ?? given.desiredCapacity ?? Math.max(minSize, 1),
    desiredCapacity: given.desiredCapacity ?? minSize,
  };
}
