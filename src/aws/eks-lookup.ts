import { ResourceNotFoundException } from "@aws-sdk/client-eks";

/** What EKS answers, or null where it says that there is no such thing. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

/** Collects a list that EKS gives in pages; empty where the cluster itself does not exist. */
export async function allPages<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const collected: Item[] = [];
  const all = (async () => {
    for await (const page of pages) collected.push(...(items(page) ?? []));
    return collected;
  })();
  return (await ifFound(all)) ?? [];
}
