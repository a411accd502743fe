import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProviderTagsCommand,
  ListOpenIDConnectProvidersCommand,
  TagOpenIDConnectProviderCommand,
} from "@aws-sdk/client-iam";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { clientsOf, refusal } from "../clients.ts";

let sandbox: Sandbox;
let iam: ReturnType<typeof clientsOf>["iam"];
beforeEach(async () => {
  sandbox = await startTestSandbox();
  ({ iam } = clientsOf(sandbox));
});
afterEach(() => sandbox.close());

const issuer = "oidc.eks.us-west-2.amazonaws.com/id/ABCDEF0123456789";
const OpenIDConnectProviderArn = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const create = (Url = `https://${issuer}`) =>
  iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url,
      ClientIDList: ["sts.amazonaws.com"],
      Tags: [{ Key: "a", Value: "b" }],
    }),
  );

it("is known by its URL, and needs no thumbprint", async () => {
  expect((await create()).OpenIDConnectProviderArn).toBe(OpenIDConnectProviderArn);
  expect(await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).toMatchObject({
    Url: issuer,
    ClientIDList: ["sts.amazonaws.com"],
    ThumbprintList: [expect.stringMatching(/^[0-9a-f]{40}$/)],
    Tags: [{ Key: "a", Value: "b" }],
  });
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
});

it("exists once", async () => {
  await create();
  expect(await refusal(create())).toEqual({
    name: "EntityAlreadyExistsException",
    message: `Provider with url https://${issuer} already exists.`,
    status: 409,
  });
});

it("must be https", async () => {
  expect(await refusal(create(`http://${issuer}`))).toMatchObject({ name: "ValidationError" });
});

it("gets client ids and tags, and goes", async () => {
  await create();
  await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: "other" }));
  await iam.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags: [{ Key: "c", Value: "d" }] }));
  const get = () => iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect((await get()).ClientIDList).toEqual(["sts.amazonaws.com", "other"]);
  const { Tags } = await iam.send(new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn }));
  expect(Tags).toHaveLength(2);
  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect(await refusal(get())).toMatchObject({ name: "NoSuchEntityException" });
});
