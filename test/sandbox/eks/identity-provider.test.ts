import {
  AssociateIdentityProviderConfigCommand,
  DescribeIdentityProviderConfigCommand,
  DisassociateIdentityProviderConfigCommand,
  ListIdentityProviderConfigsCommand,
  type OidcIdentityProviderConfigRequest,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { type Account, cluster, describeCluster, refused } from "./account.ts";

const oidc = { identityProviderConfigName: "people", issuerUrl: "https://login.example.com", clientId: "kubernetes" };
const named = (name: string) => ({ clusterName: "c", identityProviderConfig: { type: "oidc", name } });

function associate({ eks }: Account, changes: Partial<OidcIdentityProviderConfigRequest> = {}) {
  const request = { clusterName: "c", oidc: { ...oidc, ...changes }, tags: { team: "blue" } };
  return eks.send(new AssociateIdentityProviderConfigCommand(request));
}

async function found({ eks }: Account, name = "people") {
  const answer = await eks.send(new DescribeIdentityProviderConfigCommand(named(name)));
  return answer.identityProviderConfig?.oidc;
}

describe("an identity provider", () => {
  test("comes and goes by updates of the cluster, which says ACTIVE meanwhile", async () => {
    const here = await cluster();
    expect(await associate(here)).toMatchObject({
      update: { type: "AssociateIdentityProviderConfig", status: "InProgress" },
    });
    expect(await found(here)).toMatchObject({ ...oidc, status: "CREATING", tags: { team: "blue" } });
    expect(await describeCluster(here)).toMatchObject({ status: "ACTIVE" });
    const resourcesVpcConfig = { endpointPrivateAccess: true };
    const another = new UpdateClusterConfigCommand({ name: "c", resourcesVpcConfig });
    await refused(here.eks.send(another), "ResourceInUseException", "update in progress");
    await here.pass(durations.identityProviderAssociate);
    expect(await found(here)).toMatchObject({ status: "ACTIVE" });
    expect(await here.eks.send(new ListIdentityProviderConfigsCommand({ clusterName: "c" }))).toMatchObject({
      identityProviderConfigs: [{ type: "oidc", name: "people" }],
    });

    await here.eks.send(new DisassociateIdentityProviderConfigCommand(named("people")));
    expect(await found(here)).toMatchObject({ status: "DELETING" });
    await here.pass(durations.identityProviderDisassociate);
    await refused(found(here), "ResourceNotFoundException", "people");
  });

  test("is the only one of its cluster", async () => {
    const here = await cluster();
    await associate(here);
    await here.pass(durations.identityProviderAssociate);
    await refused(associate(here, { identityProviderConfigName: "others" }), "InvalidRequestException", "can have one");
    const other = new DisassociateIdentityProviderConfigCommand(named("others"));
    await refused(here.eks.send(other), "ResourceNotFoundException", "others");
  });

  test("cannot be the cluster's own issuer, nor give names that Kubernetes keeps", async () => {
    const here = await cluster();
    const { identity } = await describeCluster(here);
    const issuerUrl = identity?.oidc?.issuer ?? "";
    const cases: [Partial<OidcIdentityProviderConfigRequest>, string][] = [
      [{ issuerUrl }, "cannot be same as OpenID Connect (OIDC) issuer URL"],
      [{ issuerUrl: "http://login.example.com" }, "must begin with https://"],
      [{ issuerUrl: "https://login.example.com?a=b" }, "no query"],
      [{ groupsPrefix: "system:" }, "cannot contain system:"],
      [{ usernamePrefix: "system:" }, "cannot contain system:"],
      [{ clientId: "" }, "a client id"],
    ];
    for (const [changes, message] of cases) {
      await refused(associate(here, changes), "InvalidParameterException", message);
    }
  });
});
