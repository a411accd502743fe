import { profileHandlers } from "./profiles.ts";
import { tagHandlers } from "./tags.ts";
import { trustAnchorHandlers } from "./trust-anchors.ts";

/** IAM Roles Anywhere, as far as CloudFormation speaks to it: nobody else does here, and things are named by their ids. */
export const rolesAnywhereHandlers = { ...trustAnchorHandlers, ...profileHandlers, ...tagHandlers };
