/** What EC2 answers where its model's enumeration lags behind: the members K are any string. */
export type Open<T, K extends keyof T> = Omit<T, K> & { [Member in K]?: string };
