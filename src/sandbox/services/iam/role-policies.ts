import type * as Iam from "@aws-sdk/client-iam";
import type { Call, Checked } from "../../service.ts";
import { limitExceeded, noSuchEntity } from "./errors.ts";
import { checkName } from "./names.ts";
import { policyName } from "./policies.ts";
import { checkPermissionsPolicy } from "./policy-documents.ts";
import { modifiableRole, roleNamed } from "./roles.ts";
import { markedPage } from "./tags.ts";

const maxAttachedPolicies = 10;
/** Characters of all inline policies of a role together, white space not counted. */
const maxInlineLength = 10_240;

export const rolePolicyHandlers = {
  /** Attaching what is attached changes nothing. */
  AttachRolePolicy(input: Checked<Iam.AttachRolePolicyRequest>, { world }: Call): void {
    const role = modifiableRole(world, input.RoleName);
    policyName(world, input.PolicyArn);
    if (role.attachedPolicyArns.includes(input.PolicyArn)) return;
    if (role.attachedPolicyArns.length >= maxAttachedPolicies) {
      throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${maxAttachedPolicies}`);
    }
    role.attachedPolicyArns.push(input.PolicyArn);
  },

  DetachRolePolicy(input: Checked<Iam.DetachRolePolicyRequest>, { world }: Call): void {
    const role = modifiableRole(world, input.RoleName);
    if (!role.attachedPolicyArns.includes(input.PolicyArn)) {
      throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    }
    role.attachedPolicyArns = role.attachedPolicyArns.filter((arn) => arn !== input.PolicyArn);
  },

  ListAttachedRolePolicies(
    input: Checked<Iam.ListAttachedRolePoliciesRequest>,
    { world }: Call,
  ): Iam.ListAttachedRolePoliciesResponse {
    const { items, page } = markedPage(roleNamed(world, input.RoleName).attachedPolicyArns, input);
    return { AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: policyName(world, arn) })), ...page };
  },

  PutRolePolicy(input: Checked<Iam.PutRolePolicyRequest>, { world }: Call): void {
    const role = modifiableRole(world, input.RoleName);
    checkName("policyName", input.PolicyName, 128);
    checkPermissionsPolicy(input.PolicyDocument);
    const others = Object.entries(role.inlinePolicies).filter(([name]) => name !== input.PolicyName);
    const documents = [...others.map(([, document]) => document), input.PolicyDocument];
    if (documents.join("").replace(/\s/g, "").length > maxInlineLength) {
      throw limitExceeded(`Maximum policy size of ${maxInlineLength} bytes exceeded for role ${role.name}`);
    }
    role.inlinePolicies[input.PolicyName] = input.PolicyDocument;
  },

  GetRolePolicy(input: Checked<Iam.GetRolePolicyRequest>, { world }: Call): Iam.GetRolePolicyResponse {
    const role = roleNamed(world, input.RoleName);
    const document = inlinePolicy(role.inlinePolicies, input.PolicyName);
    return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: encodeURIComponent(document) };
  },

  DeleteRolePolicy(input: Checked<Iam.DeleteRolePolicyRequest>, { world }: Call): void {
    const role = modifiableRole(world, input.RoleName);
    inlinePolicy(role.inlinePolicies, input.PolicyName);
    delete role.inlinePolicies[input.PolicyName];
  },

  ListRolePolicies(input: Checked<Iam.ListRolePoliciesRequest>, { world }: Call): Iam.ListRolePoliciesResponse {
    const names = Object.keys(roleNamed(world, input.RoleName).inlinePolicies).sort();
    const { items, page } = markedPage(names, input);
    return { PolicyNames: items, ...page };
  },
};

function inlinePolicy(policies: Readonly<Record<string, string>>, name: string): string {
  const document = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (document === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return document;
}
