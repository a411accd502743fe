import type { AwsContext } from "../aws/context.ts";
import type { Live } from "../engine/kind.ts";

/** Of things whose lists do not say whose they are: each is read by its reference, and those of ours are kept, or the one with this id. */
export async function oursAmong<Attrs>(
  refs: readonly string[],
  read: (ref: string, ctx: AwsContext) => Promise<Live<Attrs> | null>,
  ctx: AwsContext,
  id: string | undefined,
): Promise<readonly Live<Attrs>[]> {
  const found = await Promise.all(refs.map((ref) => read(ref, ctx)));
  return found
    .flatMap((live) => live ?? [])
    .filter((live) => live.owner === "us" && (id === undefined || id === live.id));
}
