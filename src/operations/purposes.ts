/** What somebody wants to do with a cluster; `read` is all that changes nothing. */
export const purposes = ["create", "apply", "delete", "upgrade", "read"] as const;
export type Purpose = (typeof purposes)[number];
