/** Nodes of a group of instances. */
export interface GroupSize {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
}

/**
 * The size that a group gets. Bounds are the file's, else those that are there; an edited desired capacity moves the latter,
 * and what an autoscaler chose is kept and moved only as far as the bounds demand.
 *
 * @param isEdited whether the file's desired capacity is another one than the one that was applied last.
 */
export function sizeOf(
  wanted: { readonly [Part in keyof GroupSize]?: number | undefined },
  live: GroupSize,
  isEdited: boolean,
): GroupSize {
  const desired = (isEdited ? wanted.desiredCapacity : undefined) ?? live.desiredCapacity;
  const minSize = wanted.minSize ?? Math.min(live.minSize, wanted.maxSize ?? Infinity, isEdited ? desired : Infinity);
  const maxSize = wanted.maxSize ?? Math.max(live.maxSize, minSize, isEdited ? desired : 0);
  return { minSize, maxSize, desiredCapacity: Math.min(Math.max(desired, minSize), maxSize) };
}
