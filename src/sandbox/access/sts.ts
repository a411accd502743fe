import { need, type Rows } from "./requirement.ts";

export const stsRows = {
  /** Everyone may ask who they are, even where a policy says no (STS API reference, GetCallerIdentity). */
  GetCallerIdentity: () => [],
  DecodeAuthorizationMessage: () => [need("sts:DecodeAuthorizationMessage")],
} satisfies Rows;
