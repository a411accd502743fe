import type { Handle, ManagedNode } from "./graph.ts";

/** Where it is one of the attributes. */
export function arnOf(attrs: unknown): string | undefined {
  const isNamed = typeof attrs === "object" && attrs !== null && "arn" in attrs && typeof attrs.arn === "string";
  return isNamed ? (attrs as { readonly arn: string }).arn : undefined;
}

/** What is known of a node's attributes: undefined while the thing does not exist. */
export type Attributes = (id: string) => unknown;

/** Thrown when an attribute is read that only AWS can give, and has not given yet. */
class NotYetKnownError extends Error {}

function notYetKnown(): never {
  throw new NotYetKnownError("an attribute is read of something that does not exist yet");
}

const absent: unknown = new Proxy(
  {},
  {
    get: notYetKnown,
    has: notYetKnown,
    ownKeys: notYetKnown,
    getOwnPropertyDescriptor: notYetKnown,
    getPrototypeOf: notYetKnown,
  },
);

/** Attributes of which some will get another value. */
export function exceptFor(attrs: unknown, renewed: ReadonlySet<string>): unknown {
  if (renewed.size === 0) return attrs;
  return new Proxy(Object(attrs), {
    get: (target: object, key, receiver): unknown =>
      typeof key === "string" && renewed.has(key) ? notYetKnown() : Reflect.get(target, key, receiver),
  });
}

/** Attributes of which only these are known. */
export function onlyKnown(attrs: object): unknown {
  return new Proxy(attrs, {
    get: (target, key): unknown => (key in target ? Reflect.get(target, key) : notYetKnown()),
  });
}

/** A node's dependencies as its kind wants them; whoever reads what does not exist yet throws, so that no kind has to check. */
export function dependenciesOf<Ctx>(node: ManagedNode<Ctx>, attributes: Attributes): never {
  const resolve = ({ id, part }: Handle<unknown>): unknown =>
    known(() => {
      const attrs = attributes(id) ?? absent;
      return part === undefined ? attrs : (Reflect.get(Object(attrs), part) ?? absent);
    }, absent);
  const resolved = Object.entries(node.deps).map(([name, to]) => [name, isList(to) ? to.map(resolve) : resolve(to)]);
  return Object.fromEntries(resolved) as never;
}

/** What `read` gives, or the other when it reads something that does not exist yet. */
export function known<T, Else>(read: () => T, otherwise: Else): T | Else {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotYetKnownError) return otherwise;
    throw error;
  }
}

function isList(value: Handle<unknown> | readonly Handle<unknown>[]): value is readonly Handle<unknown>[] {
  return Array.isArray(value);
}
