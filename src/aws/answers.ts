/** All items of all pages of an SDK paginator. */
export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

/** The identifier that AWS gives what it has just made; AWS's models call it optional. */
export function created(ref: string | undefined, what: string): { readonly ref: string } {
  if (ref === undefined) throw new Error(`AWS made a ${what} and gave no identifier for it`);
  return { ref };
}
