import type {
  AccessScope,
  AssociateAccessPolicyRequest,
  AssociateAccessPolicyResponse,
  AssociatedAccessPolicy,
  DisassociateAccessPolicyRequest,
  ListAccessPoliciesRequest,
  ListAccessPoliciesResponse,
  ListAssociatedAccessPoliciesRequest,
  ListAssociatedAccessPoliciesResponse,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { clusterWithEntries, entryOf, refuseForNodes } from "./access-entries.ts";
import { accessPolicyArn, accessPolicyNames } from "./access-policy-names.ts";
import { type About, invalidParameter, resourceNotFound } from "./errors.ts";
import { paged } from "./pages.ts";
import type { AssociatedPolicyRecord } from "./state.ts";

function listAccessPolicies(input: ListAccessPoliciesRequest, call: Call): ListAccessPoliciesResponse {
  const { items, nextToken } = paged(accessPolicyNames, input);
  return { accessPolicies: items.map((name) => ({ name, arn: accessPolicyArn(call.region, name) })), ...nextToken };
}

/** A policy that is associated already gets the new scope. */
function associateAccessPolicy(input: AssociateAccessPolicyRequest, call: Call): AssociateAccessPolicyResponse {
  const cluster = clusterWithEntries(call, input.clusterName);
  const about = { clusterName: cluster.name };
  const entry = entryOf(cluster, input.principalArn);
  const { policyArn = "" } = input;
  refuseForNodes(entry, "policyArn", about);
  if (accessPolicyNames.every((name) => accessPolicyArn(call.region, name) !== policyArn)) {
    throw invalidParameter("The specified policyArn is invalid.", about);
  }
  const accessScope = checkedScope(input.accessScope, about);
  const now = call.world.now();
  const there = entry.policies.find((policy) => policy.policyArn === policyArn);
  const policy = there ?? { policyArn, accessScope, associatedAt: now, modifiedAt: now };
  Object.assign(policy, { accessScope, modifiedAt: now });
  if (!there) entry.policies.push(policy);
  return { clusterName: cluster.name, principalArn: entry.principalArn, associatedAccessPolicy: view(policy) };
}

function checkedScope(scope: AccessScope | undefined, about: About): AccessScope {
  const { type, namespaces = [] } = scope ?? {};
  if (type === "namespace" && namespaces.length === 0) {
    throw invalidParameter("An access scope of type namespace must have at least one namespace.", about);
  }
  if (type === "cluster" && namespaces.length > 0) {
    throw invalidParameter("An access scope of type cluster cannot have namespaces.", about);
  }
  if (type === undefined) throw invalidParameter("The access scope must have a type.", about);
  return { type, namespaces: [...namespaces] };
}

function disassociateAccessPolicy(input: DisassociateAccessPolicyRequest, call: Call): void {
  const cluster = clusterWithEntries(call, input.clusterName);
  const entry = entryOf(cluster, input.principalArn);
  if (entry.policies.every((policy) => policy.policyArn !== input.policyArn)) {
    throw resourceNotFound("The specified policyArn is not associated with the access entry.", {
      clusterName: cluster.name,
    });
  }
  entry.policies = entry.policies.filter((policy) => policy.policyArn !== input.policyArn);
}

function listAssociatedAccessPolicies(
  input: ListAssociatedAccessPoliciesRequest,
  call: Call,
): ListAssociatedAccessPoliciesResponse {
  const cluster = clusterWithEntries(call, input.clusterName);
  const { principalArn, policies } = entryOf(cluster, input.principalArn);
  const { items, nextToken } = paged(policies, input);
  return { clusterName: cluster.name, principalArn, associatedAccessPolicies: items.map(view), ...nextToken };
}

function view({ policyArn, accessScope, associatedAt, modifiedAt }: AssociatedPolicyRecord): AssociatedAccessPolicy {
  return { policyArn, accessScope, associatedAt: new Date(associatedAt), modifiedAt: new Date(modifiedAt) };
}

export const accessPolicyHandlers = {
  ListAccessPolicies: listAccessPolicies,
  AssociateAccessPolicy: associateAccessPolicy,
  DisassociateAccessPolicy: disassociateAccessPolicy,
  ListAssociatedAccessPolicies: listAssociatedAccessPolicies,
};
