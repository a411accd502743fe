import type { ManagedNodeGroup } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import { type TemplateFacts, templateKey } from "../../facts/types.ts";
import type { Scope } from "../scope.ts";

/**
 * What the launch template says that the file names; undefined where it names none.
 *
 * @throws InputError for what EKS takes no nodegroup with.
 */
export function givenTemplate(
  { facts }: Scope,
  group: Pick<ManagedNodeGroup, "name" | "launchTemplate" | "instanceTypes">,
): TemplateFacts | undefined {
  const { launchTemplate, name, instanceTypes } = group;
  if (launchTemplate === undefined) return undefined;
  const found = facts.launchTemplates[templateKey(launchTemplate)];
  if (found === undefined) throw new InputError(`nodegroup ${name}: nothing is known of ${launchTemplate.id}`);
  const refuse = (what: string, hint: string) =>
    new InputError(`nodegroup ${name}: the launch template ${launchTemplate.id} ${what}`, { hint });
  if (found.instanceProfile) throw refuse("names an instance profile", "EKS makes one of the nodes' role: take it out");
  if (found.ownImage && !found.userData) throw refuse("names an image, but no user data", "say there how it joins");
  if (found.instanceType !== undefined && instanceTypes !== undefined) {
    throw refuse(`names the type ${found.instanceType}, and the file instanceTypes`, "name types in one place only");
  }
  return found;
}
