/** What a nodegroup is told of its subnets beside which they are. */
export interface SubnetChoice {
  /** It stays in those that it was made in. */
  readonly keepsSubnets?: true;
  /** It is in one of them. */
  readonly oneSubnet?: true;
}

interface Among {
  readonly among: readonly string[];
  readonly one?: true;
}

/** The ids of those that a nodegroup is made in. */
export function subnetsAtFirst(
  { oneSubnet }: SubnetChoice,
  subnets: readonly { readonly id: string }[],
): readonly string[] {
  return subnets.slice(0, oneSubnet ? 1 : undefined).map(({ id }) => id);
}

/**
 * The subnets that a nodegroup is to be in, by their ids. One whose zones the file leaves open stays where it is, as long as that is
 * among them: another zone that comes to offer its types moves no node.
 */
export function wantedSubnets(
  { keepsSubnets, oneSubnet }: SubnetChoice,
  subnets: readonly { readonly id: string }[],
): readonly string[] | Among {
  const ids = subnets.map(({ id }) => id).toSorted();
  return keepsSubnets ? { among: ids, ...(oneSubnet && { one: true }) } : ids;
}

/** The live ones, in the words of what is wanted. */
export function heldSubnets(live: readonly string[], want: unknown): readonly string[] | Among {
  if (!isAmong(want) || live.length === 0 || !live.every((id) => want.among.includes(id))) return live;
  return want.one && live.length > 1 ? live : want;
}

function isAmong(want: unknown): want is Among {
  return typeof want === "object" && want !== null && "among" in want;
}
