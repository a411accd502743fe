import { absentAsNull } from "./errors.ts";

/** Collects a list that EKS gives in pages; empty where the cluster that it belongs to does not exist. */
export async function allPages<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const collected: Item[] = [];
  await absentAsNull(async () => {
    for await (const page of pages) collected.push(...(items(page) ?? []));
  });
  return collected;
}
