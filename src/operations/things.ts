import type { AwsContext } from "../aws/context.ts";
import type { KindName, Live } from "../engine/kind.ts";

/** A live thing, and the name of its kind, which says what its attributes are. */
export interface Found {
  readonly kind: KindName;
  readonly live: Live<unknown>;
}

/** What a kind says about the attributes of its things. */
interface KindOf<Attrs> {
  readonly name: KindName;
  read(ref: string, ctx: AwsContext): Promise<Live<Attrs> | null>;
}

/** Those of a kind, with their attributes' types. */
export function livesOf<Attrs>(kind: KindOf<Attrs>, things: readonly Found[]): readonly Live<Attrs>[] {
  return things
    .filter((thing): thing is Found & { readonly live: Live<Attrs> } => thing.kind === kind.name)
    .map(({ live }) => live);
}
