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
  RemoveRoleFromInstanceProfileCommand,
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

/** Takes everything off a role that keeps it from being deleted; the policies and profiles of others stay themselves. */
export async function strip(iam: IAMClient, RoleName: string): Promise<void> {
  const pages = paginateListInstanceProfilesForRole({ client: iam }, { RoleName });
  const [detach, inline, profiles] = await Promise.all([
    attachedPolicyArns(iam, RoleName),
    collect(paginateListRolePolicies({ client: iam }, { RoleName }), (page) => page.PolicyNames),
    collect(pages, (page) => page.InstanceProfiles),
  ]);
  await changePolicies(iam, RoleName, { attach: [], put: {}, detach, remove: inline });
  for (const { InstanceProfileName } of profiles) {
    const remove = new RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName });
    await absentAsNull(() => iam.send(remove));
  }
}
