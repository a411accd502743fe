import type {
  AssociateIdentityProviderConfigRequest,
  AssociateIdentityProviderConfigResponse,
  DescribeIdentityProviderConfigRequest,
  DescribeIdentityProviderConfigResponse,
  DisassociateIdentityProviderConfigRequest,
  DisassociateIdentityProviderConfigResponse,
  IdentityProviderConfig,
  ListIdentityProviderConfigsRequest,
  ListIdentityProviderConfigsResponse,
  OidcIdentityProviderConfigRequest,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy } from "./asked.ts";
import { updateCluster } from "./cluster-update.ts";
import { oidcIssuer } from "./clusters.ts";
import { type About, invalidParameter, invalidRequest, resourceNotFound } from "./errors.ts";
import { clusterOf } from "./lookup.ts";
import { paged } from "./pages.ts";
import { eksArn, type Place, uuid } from "./place.ts";
import type { ClusterRecord, IdentityProviderRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";

function associateIdentityProviderConfig(
  input: AssociateIdentityProviderConfigRequest,
  call: Call,
): AssociateIdentityProviderConfigResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const about = { clusterName: cluster.name };
  const asked = askedBy(input);
  const tags = checkedTags(input.tags, about);
  const started = updateCluster(call, cluster, asked, () => {
    if (cluster.identityProvider) {
      throw invalidRequest("The cluster already has an identity provider config; it can have one.", about);
    }
    const { identityProviderConfigName: name = "", ...oidc } = checkedProvider(input.oidc, cluster, call, about);
    const arn = eksArn(call, `identityproviderconfig/${cluster.name}/oidc/${name}/${uuid(call)}`);
    cluster.identityProvider = { name, arn, createdAt: call.world.now(), oidc, tags, asked };
    return {
      type: "AssociateIdentityProviderConfig",
      duration: "identityProviderAssociate",
      params: { IdentityProviderConfig: [{ type: "oidc", name }] },
      change: {},
    };
  });
  return { ...started, tags };
}

/** Throws InvalidParameterException for what EKS would not be able to use. */
function checkedProvider(
  oidc: OidcIdentityProviderConfigRequest | undefined,
  cluster: ClusterRecord,
  place: Place,
  about: About,
): OidcIdentityProviderConfigRequest {
  if (!oidc?.identityProviderConfigName || !oidc.clientId) {
    throw invalidParameter("An identity provider config needs a name and a client id.", about);
  }
  const { issuerUrl = "" } = oidc;
  if (!/^https:\/\/[^\s?#]+$/.test(issuerUrl)) {
    throw invalidParameter("The issuer URL must begin with https:// and have no query parameters.", about);
  }
  if (issuerUrl === oidcIssuer(place, cluster)) {
    throw invalidParameter(
      "Incorrect Identity Provider URL configuration. The Identity Provider URL cannot be same as OpenID Connect (OIDC) issuer URL",
      about,
    );
  }
  for (const prefix of [oidc.usernamePrefix, oidc.groupsPrefix]) {
    if (prefix?.includes("system:")) throw invalidParameter("A prefix cannot contain system:", about);
  }
  return oidc;
}

function disassociateIdentityProviderConfig(
  input: DisassociateIdentityProviderConfigRequest,
  call: Call,
): DisassociateIdentityProviderConfigResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  return updateCluster(call, cluster, askedBy(input), () => {
    const { name } = providerOf(cluster, input.identityProviderConfig);
    return {
      type: "DisassociateIdentityProviderConfig",
      duration: "identityProviderDisassociate",
      params: { IdentityProviderConfig: [{ type: "oidc", name }] },
      change: { identityProvider: null },
    };
  });
}

/** Throws ResourceNotFoundException. */
function providerOf(cluster: ClusterRecord, wanted: IdentityProviderConfig | undefined): IdentityProviderRecord {
  const { identityProvider } = cluster;
  if (identityProvider && wanted?.type === "oidc" && wanted.name === identityProvider.name) return identityProvider;
  throw resourceNotFound(`No identity provider config found with name: ${wanted?.name}`, { clusterName: cluster.name });
}

function describeIdentityProviderConfig(
  input: DescribeIdentityProviderConfigRequest,
  call: Call,
): DescribeIdentityProviderConfigResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const { name, arn, oidc, tags } = providerOf(cluster, input.identityProviderConfig);
  return {
    identityProviderConfig: {
      oidc: {
        identityProviderConfigName: name,
        identityProviderConfigArn: arn,
        clusterName: cluster.name,
        ...oidc,
        tags,
        status: statusIn(cluster),
      },
    },
  };
}

/** As long as the update runs that brings it or takes it away. */
function statusIn({ updates }: ClusterRecord) {
  switch (updates.find(({ status }) => status === "InProgress")?.type) {
    case "AssociateIdentityProviderConfig":
      return "CREATING";
    case "DisassociateIdentityProviderConfig":
      return "DELETING";
    default:
      return "ACTIVE";
  }
}

function listIdentityProviderConfigs(
  input: ListIdentityProviderConfigsRequest,
  call: Call,
): ListIdentityProviderConfigsResponse {
  const { identityProvider } = clusterOf(call, input.clusterName ?? "");
  const { items, nextToken } = paged(identityProvider ? [{ type: "oidc", name: identityProvider.name }] : [], input);
  return { identityProviderConfigs: items, ...nextToken };
}

export const identityProviderHandlers = {
  AssociateIdentityProviderConfig: associateIdentityProviderConfig,
  DescribeIdentityProviderConfig: describeIdentityProviderConfig,
  DisassociateIdentityProviderConfig: disassociateIdentityProviderConfig,
  ListIdentityProviderConfigs: listIdentityProviderConfigs,
};
