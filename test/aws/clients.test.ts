import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { expect, it, onTestFinished } from "vitest";
import { createClients } from "../../src/aws/clients.ts";
import { virtualClock } from "../../src/clock.ts";

it("clients leave no connection open when they are closed", async () => {
  const answer = '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"/>';
  const server = createServer((_, response) => response.end(answer)).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const clients = createClients({
    region: "us-west-2",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    clock: virtualClock(0),
    version: "0",
  });
  const connected = once(server, "connection") as Promise<[Socket]>;
  await clients.ec2.send(new DescribeRegionsCommand({}));
  const [socket] = await connected;
  expect(socket.destroyed).toBe(false);
  const ended = once(socket, "close");
  clients.close();
  await ended;
});
