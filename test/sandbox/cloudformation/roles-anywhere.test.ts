import { CreateStackCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { certificate } from "../../support/certificates.ts";
import { allBut, heldTo } from "../access/held.ts";
import { account, type Account, ground } from "../eks/account.ts";
import { createStack, describeStack, fullEvents, resourcesOf } from "./account.ts";

function template(type: "TrustAnchor" | "Profile", properties: object): string {
  return JSON.stringify({
    Resources: {
      One: { Type: `AWS::RolesAnywhere::${type}`, Properties: { Name: "nodes", Enabled: true, ...properties } },
    },
    Outputs: { Arn: { Value: { "Fn::GetAtt": ["One", `${type}Arn`] } }, Id: { Value: { Ref: "One" } } },
  });
}

const anchorOf = (bundle: string) =>
  template("TrustAnchor", {
    Source: { SourceType: "CERTIFICATE_BUNDLE", SourceData: { X509CertificateData: bundle } },
  });
const anchor = anchorOf(certificate("authority.pem"));
const profileOf = (...RoleArns: string[]) => template("Profile", { RoleArns, AcceptRoleSessionName: true });

const anywhere = ({ sandbox, region }: Account) => sandbox.world.region(region).rolesanywhere;

/** Why the stack's resource was not made. */
async function failure(here: Account, TemplateBody: string): Promise<string | undefined> {
  await createStack(here, { TemplateBody });
  await here.pass(60);
  return (await fullEvents(here)).find(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED")
    ?.ResourceStatusReason;
}

describe("a stack of IAM Roles Anywhere", () => {
  it("makes a trust anchor with its tags, which makes the service-linked role; changes it in place", async () => {
    const here = await account();
    await createStack(here, { TemplateBody: anchor, Tags: [{ Key: "team", Value: "blue" }] });
    await here.pass(60);
    const { Outputs } = await describeStack(here);
    const { One = "" } = await resourcesOf(here);
    const arn = `arn:aws:rolesanywhere:${here.region}:111122223333:trust-anchor/${One}`;
    expect(Outputs).toMatchObject([{ OutputValue: arn }, { OutputValue: One }]);
    expect(anywhere(here).trustAnchors[One]).toMatchObject({ name: "nodes", enabled: true, tags: { team: "blue" } });
    await here.iam.send(new GetRoleCommand({ RoleName: "AWSServiceRoleForRolesAnywhere" }));

    const TemplateBody = anchorOf(certificate("another-authority.pem"));
    const Tags = [{ Key: "owner", Value: "ann" }];
    await here.cloudformation.send(new UpdateStackCommand({ StackName: "s", TemplateBody, Tags }));
    await here.pass(60);
    expect((await describeStack(here)).StackStatus).toBe("UPDATE_COMPLETE");
    const { certificates, tags } = anywhere(here).trustAnchors[One] ?? {};
    expect(certificates).toBe(certificate("another-authority.pem"));
    expect(tags).toMatchObject({ owner: "ann" });
    expect(tags).not.toHaveProperty("team");
  });

  it.each([
    ["a server's certificate", certificate("server.pem"), /Incorrect basic constraints for CA certificate/],
    ["three certificates", certificate("authority.pem").repeat(3), /holds 3 certificates/],
    ["what is no certificate", "x", /holds 0 certificates/],
  ])("takes no trust anchor of %s", async (_, bundle, reason) => {
    const here = await account();
    expect(await failure(here, anchorOf(bundle))).toMatch(reason);
    expect(anywhere(here).trustAnchors).toEqual({});
  });

  it("makes a profile of roles that are there", async () => {
    const here = await ground();
    expect(await failure(here, profileOf("arn:aws:iam::111122223333:role/absent"))).toMatch(/absent cannot be found/);
    await createStack(here, { StackName: "t", TemplateBody: profileOf(here.nodeRole) });
    await here.pass(60);
    const { One = "" } = await resourcesOf(here, "t");
    expect(anywhere(here).profiles[One]).toMatchObject({ roleArns: [here.nodeRole], acceptRoleSessionName: true });
  });

  it.each([
    ["rolesanywhere:CreateTrustAnchor", () => anchor],
    ["rolesanywhere:TagResource", () => anchor],
    ["iam:CreateServiceLinkedRole", () => anchor],
    ["rolesanywhere:CreateProfile", profileOf],
    ["iam:PassRole", profileOf],
  ] as const)("takes %s of whoever asks for it", async (action, templateOf) => {
    const here = await ground();
    const { cloudformation } = heldTo(here.sandbox, here.region, [allBut(action)]);
    await cloudformation.send(new CreateStackCommand({ StackName: "s", TemplateBody: templateOf(here.nodeRole) }));
    await here.pass(60);
    const failed = (await fullEvents(here)).find(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED");
    expect(failed?.ResourceStatusReason).toContain(`not authorized to perform: ${action}`);
  });
});
