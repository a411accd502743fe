/** Tags as a plain map, whatever list or map form a service wants. */
export type Tags = Readonly<Record<string, string>>;
