import * as eks from "@aws-sdk/client-eks";
import * as sts from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { AwsError } from "../../../src/sandbox/aws-error.ts";
import { decode } from "../../../src/sandbox/wire/decode.ts";
import { encode, encodeError } from "../../../src/sandbox/wire/encode.ts";
import { serviceModel } from "../../../src/sandbox/wire/service-model.ts";

const eksModel = serviceModel("eks", { ...eks });
const stsModel = serviceModel("sts", { ...sts });
const describeCluster = eksModel.operations.get("DescribeCluster");
if (!describeCluster) throw new Error("EKS has no DescribeCluster");

const answer = (cluster: object) => encode(eksModel, describeCluster, { cluster }, "id");

it("answers nothing that AWS could not answer", () => {
  expect(answer({ name: "demo" }).body).toBe('{"cluster":{"name":"demo"}}');
  expect(() => answer({ nam: "demo" })).toThrow("DescribeClusterResponse.cluster.nam is no member of this operation");
  expect(() => answer({ createdAt: "today" })).toThrow("DescribeClusterResponse.cluster.createdAt is not a timestamp");
});

it("gives an error its modelled status, and its members", () => {
  const error = new AwsError("ResourceInUseException", "busy", { members: { clusterName: "demo" } });
  const { status, headers, body } = encodeError(eksModel, error, "id");
  expect(status).toBe(409);
  expect(headers["x-amzn-errortype"]).toBe("ResourceInUseException");
  expect(JSON.parse(body)).toEqual({ message: "busy", clusterName: "demo" });
});

it("escapes what errors say in XML", () => {
  const { body } = encodeError(stsModel, new AwsError("X", `<a> & "b"`), "id");
  expect(body).toContain("<Message>&#60;a&#62; &#38; &#34;b&#34;</Message>");
});

it.each([
  ["an unknown operation", { path: "/nothing" }, "UnknownOperationException"],
  [
    "an unknown member",
    { body: '{"name":"x","roleArn":"r","resourcesVpcConfig":{},"colour":"red"}' },
    "SerializationException",
  ],
  ["a wrong type", { body: '{"name":1,"roleArn":"r","resourcesVpcConfig":{}}' }, "SerializationException"],
  ["a missing member", { body: '{"name":"x","roleArn":"r"}' }, "ValidationException"],
  ["no JSON", { body: "<xml/>" }, "SerializationException"],
])("refuses %s", (_, { path = "/clusters", body = "" }: { path?: string; body?: string }, code) => {
  const request = { method: "POST", path, query: new URLSearchParams(), headers: {}, body: Buffer.from(body) };
  expect(() => decode(eksModel, request)).toThrow(expect.objectContaining({ code }));
});

it("refuses a form parameter that the operation does not have", () => {
  const body = Buffer.from("Action=AssumeRole&Version=2011-06-15&RoleArn=r&RoleSessionName=s&Tags.member.1.Colour=red");
  const request = { method: "POST", path: "/", query: new URLSearchParams(), headers: {}, body };
  expect(() => decode(stsModel, request)).toThrow("The parameter Tags.member.1.Colour is not recognized");
});
