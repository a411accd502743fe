import { explain } from "./explain.ts";
import type { Session } from "./session.ts";

/**
 * For what only adds to an answer: where the caller may not ask for it, it is left out, and said so once.
 *
 * @param consequence what is missing then, as "instance types are not shown".
 */
export function optionally(session: Session, consequence: string) {
  let noted = false;
  return async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      const { denied } = explain(error);
      if (denied === undefined) throw error;
      if (!noted) {
        const text = `${consequence}: the caller does not have the permission ${denied.action}`;
        session.emit({ type: "note", at: session.clock.now(), text });
      }
      noted = true;
      return undefined;
    }
  };
}
