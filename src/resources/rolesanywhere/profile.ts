import { ourStacks, passing } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Planned } from "../../engine/kind.ts";
import { cloudFormationActions } from "../cloudformation/cloudformation-actions.ts";
import { resourceStack } from "../cloudformation/resource-stack.ts";
import { anywhereActions } from "./anywhere-actions.ts";

export interface ProfileSpec {
  readonly description: string;
  readonly tags: Tags;
}
export interface ProfileDeps {
  readonly role: { readonly arn: string };
}

type PlannedProfile = Planned<ProfileSpec> | undefined;

const ofStack = cloudFormationActions(ourStacks("anywhere-profile/*"), "there is a profile of IAM Roles Anywhere");
const ofProfile = anywhereActions("Profile", "profile");

const handingOver = (planned: PlannedProfile) => passing(planned?.roles ?? [], "rolesanywhere.amazonaws.com");

/** AWS::RolesAnywhere::Profile. */
export const profile = resourceStack<ProfileSpec, ProfileDeps>({
  name: "rolesanywhere.profile",
  title: "profile of IAM Roles Anywhere",
  deletedBefore: ["iam.role"],
  id: "anywhere-profile",
  type: "AWS::RolesAnywhere::Profile",
  arn: "ProfileArn",
  properties: {
    Enabled: () => true,
    RoleArns: (_spec, { role }) => [role.arn],
    // The session is named as the node is (EKS user guide, "Prepare credentials for hybrid nodes").
    AcceptRoleSessionName: () => true,
  },
  actions: {
    list: ofStack.looking,
    read: ofStack.looking,
    create: (planned: PlannedProfile) => [...ofStack.creating, ...ofProfile.creating, ...handingOver(planned)],
    stack: (planned: PlannedProfile) => [...ofStack.changing, ...ofProfile.changing, ...handingOver(planned)],
    delete: [...ofStack.deleting, ...ofProfile.deleting],
  },
});
