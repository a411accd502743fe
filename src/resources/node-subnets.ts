interface Among {
  readonly among: readonly string[];
}

/**
 * The subnets that a nodegroup is to be in, by their ids. One whose zones the file leaves open stays where it is, as long as that is
 * among them: another zone that comes to offer its types moves no node.
 */
export function wantedSubnets(
  { keepsSubnets }: { readonly keepsSubnets?: true },
  subnets: readonly { readonly id: string }[],
): readonly string[] | Among {
  const ids = subnets.map(({ id }) => id).toSorted();
  return keepsSubnets ? { among: ids } : ids;
}

/** The live ones, in the words of what is wanted. */
export function heldSubnets(live: readonly string[], want: unknown): readonly string[] | Among {
  return isAmong(want) && live.length > 0 && live.every((id) => want.among.includes(id)) ? want : live;
}

function isAmong(want: unknown): want is Among {
  return typeof want === "object" && want !== null && "among" in want;
}
