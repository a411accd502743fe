import { type ArgoCdConfigResponse, type Capability, DescribeCapabilityCommand } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { issuesText } from "../../aws/eks-updates.ts";
import { absentAsNull } from "../../aws/errors.ts";
import type { Live } from "../../engine/kind.ts";
import { taggedLive } from "../tags-aspect.ts";
import type { ArgoCdAttrs, CapabilityAttrs, Identity, RoleMapping } from "./capability.ts";
import { phaseOf } from "./status-document.ts";

/** A capability of the owner's cluster by its name, whoever made it. */
export async function describeCapability(name: string, ctx: AwsContext): Promise<Live<CapabilityAttrs> | null> {
  const request = { clusterName: ctx.owner.cluster, capabilityName: name };
  const answer = await absentAsNull(() => ctx.clients.eks.send(new DescribeCapabilityCommand(request)));
  const found = answer?.capability;
  if (!found) return null;
  return taggedLive(ctx, name, phaseOf(found.status), attributes(found), {
    detail: issuesText(found.health?.issues),
    uid: found.createdAt?.toISOString(),
  });
}

function attributes(found: Capability): CapabilityAttrs {
  const { argoCd } = found.configuration ?? {};
  return {
    name: found.capabilityName ?? "",
    arn: found.arn ?? "",
    type: found.type ?? "",
    version: found.version ?? null,
    roleArn: found.roleArn ?? "",
    argoCd: argoCd ? argoCdOf(argoCd) : null,
    tags: found.tags ?? {},
  };
}

function argoCdOf({
  namespace,
  awsIdc,
  rbacRoleMappings = [],
  networkAccess,
  serverUrl,
}: ArgoCdConfigResponse): ArgoCdAttrs {
  return {
    namespace: namespace ?? "",
    idcInstanceArn: awsIdc?.idcInstanceArn ?? "",
    idcRegion: awsIdc?.idcRegion ?? "",
    roleMappings: inOrder(
      rbacRoleMappings.map(({ role = "", identities = [] }) => ({
        role,
        identities: identities.map(({ id = "", type = "" }) => ({ id, type })),
      })),
    ),
    vpcEndpointIds: (networkAccess?.vpceIds ?? []).toSorted(),
    serverUrl: serverUrl ?? null,
  };
}

/** Neither roles nor those who have them are in an order. */
export function inOrder(mappings: readonly RoleMapping[]): readonly RoleMapping[] {
  return mappings
    .map(({ role, identities }) => ({
      role,
      identities: identities.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b))),
    }))
    .toSorted((a, b) => a.role.localeCompare(b.role));
}

/** What leads from one to the other: identities that a role gets, all of its own with them, and those that it loses. */
export function mappingChanges(have: readonly RoleMapping[], want: readonly RoleMapping[]) {
  return {
    set: want.filter(({ role, identities }) => without(identities, of(have, role)).length > 0),
    remove: have
      .map(({ role, identities }) => ({ role, identities: without(identities, of(want, role)) }))
      .filter(({ identities }) => identities.length > 0),
  };
}

function of(mappings: readonly RoleMapping[], role: string): readonly Identity[] {
  return mappings.find((mapping) => mapping.role === role)?.identities ?? [];
}

function without(identities: readonly Identity[], others: readonly Identity[]): readonly Identity[] {
  const known = new Set(others.map(keyOf));
  return identities.filter((identity) => !known.has(keyOf(identity)));
}

function keyOf({ type, id }: Identity): string {
  return `${type}/${id}`;
}
