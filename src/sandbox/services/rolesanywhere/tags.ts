import type { Call } from "../../service.ts";
import { existing, type Named, rolesAnywhereOf } from "./place.ts";
import type { AnywhereRecord } from "./state.ts";

export const tagHandlers = {
  TagResource({ id, tags }: Named & Pick<AnywhereRecord, "tags">, call: Call) {
    Object.assign(resource(id, call).tags, tags);
  },
  UntagResource({ id, tagKeys }: Named & { readonly tagKeys: readonly string[] }, call: Call) {
    const { tags } = resource(id, call);
    for (const key of tagKeys) delete tags[key];
  },
  ListTagsForResource: ({ id }: Named, call: Call) => ({ tags: resource(id, call).tags }),
};

function resource(id: string, call: Call): AnywhereRecord {
  const { trustAnchors, profiles } = rolesAnywhereOf(call);
  return existing<AnywhereRecord>({ ...trustAnchors, ...profiles }, id, "Resource");
}
