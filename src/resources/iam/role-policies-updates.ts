import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListInstanceProfilesForRole,
  paginateListRolePolicies,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { collect } from "../../aws/answers.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { canonical, parsePolicy } from "./policy-document.ts";
import type { PolicyDocument } from "./role.ts";

export async function attachedPolicyArns(iam: IAMClient, RoleName: string): Promise<readonly string[]> {
  const pages = paginateListAttachedRolePolicies({ client: iam }, { RoleName });
  const policies = await collect(pages, (page) => page.AttachedPolicies);
  return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

/** Name to document. */
export async function inlinePolicies(iam: IAMClient, RoleName: string): Promise<Readonly<Record<string, unknown>>> {
  const names = await collect(paginateListRolePolicies({ client: iam }, { RoleName }), (page) => page.PolicyNames);
  const documents = await Promise.all(
    names.map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return [PolicyName, canonical(parsePolicy(PolicyDocument))] as const;
    }),
  );
  return Object.fromEntries(documents);
}

/** What a role's policies lack and have too much of. */
export interface PolicyChanges {
  readonly attach: readonly string[];
  readonly detach: readonly string[];
  readonly put: Readonly<Record<string, PolicyDocument>>;
  readonly remove: readonly string[];
}

export async function changePolicies(iam: IAMClient, RoleName: string, changes: PolicyChanges): Promise<void> {
  for (const PolicyArn of changes.attach) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  for (const [PolicyName, document] of Object.entries(changes.put)) {
    const PolicyDocument = JSON.stringify(document);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  }
  for (const PolicyArn of changes.detach) {
    await absentAsNull(() => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  }
  for (const PolicyName of changes.remove) {
    await absentAsNull(() => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  }
}

/**
 * Takes the policies off a role, which keep it from being deleted; the policies of others stay themselves. A role that instance
 * profiles hold stays as it is: AWS will not delete it, and who uses it there needs them.
 */
export async function strip(iam: IAMClient, RoleName: string): Promise<void> {
  const pages = paginateListInstanceProfilesForRole({ client: iam }, { RoleName });
  if ((await collect(pages, (page) => page.InstanceProfiles)).length > 0) return;
  const [detach, inline] = await Promise.all([
    attachedPolicyArns(iam, RoleName),
    collect(paginateListRolePolicies({ client: iam }, { RoleName }), (page) => page.PolicyNames),
  ]);
  await changePolicies(iam, RoleName, { attach: [], put: {}, detach, remove: inline });
}
