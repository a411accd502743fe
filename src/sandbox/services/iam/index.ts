import type { Service } from "../../service.ts";
import { instanceProfileHandlers } from "./instance-profiles.ts";
import { oidcProviderHandlers } from "./oidc-providers.ts";
import { policyHandlers } from "./policies.ts";
import { rolePolicyHandlers } from "./role-policies.ts";
import { roleHandlers } from "./roles.ts";
import { userHandlers } from "./users.ts";

export const iamService: Service = {
  name: "iam",
  handlers: {
    ...roleHandlers,
    ...rolePolicyHandlers,
    ...policyHandlers,
    ...oidcProviderHandlers,
    ...instanceProfileHandlers,
    ...userHandlers,
    ListAccountAliases: () => ({ AccountAliases: [], IsTruncated: false }),
  },
};
