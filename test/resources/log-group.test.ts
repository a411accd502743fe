import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logGroup } from "../../src/resources/logs/log-group.ts";
import { bringIn, make, openPlace, type Place, remove, wanting } from "./driver.ts";

const name = "/aws/eks/demo/cluster";
const want = (spec: { retentionInDays?: number } = {}) =>
  wanting("log-group", { ...spec, tags: { Name: "demo" } }, {}, name);

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.sandbox.close());

describe("log group", () => {
  it("is made with its tags and gets its retention", async () => {
    const live = await make(logGroup, want({ retentionInDays: 30 }), place.ctx);
    expect(place.changes()).toEqual(["CreateLogGroup", "PutRetentionPolicy"]);
    expect(live).toMatchObject({ id: "log-group", ref: name, owner: "us", attrs: { retentionInDays: 30 } });
    expect((await logGroup.list(place.ctx)).map(({ ref }) => ref)).toEqual([name]);
    await remove(logGroup, name, place.ctx);
    expect(await logGroup.list(place.ctx)).toEqual([]);
  });

  it("leaves the retention alone when the file says nothing of it", async () => {
    const live = await make(logGroup, want({ retentionInDays: 30 }), place.ctx);
    expect((await bringIn(logGroup, want(), live.ref, place.ctx)).groups).toEqual([]);
  });

  it("is shared when it was there before: updated, not listed as ours", async () => {
    await place.ctx.clients.logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    await place.ctx.clients.logs.send(new CreateLogGroupCommand({ logGroupName: `${name}-other` }));
    expect(await logGroup.find(name, place.ctx)).toMatchObject({ ref: name, owner: "shared" });
    expect(await logGroup.list(place.ctx)).toEqual([]);
    const { live } = await bringIn(logGroup, want({ retentionInDays: 7 }), name, place.ctx);
    expect(live).toMatchObject({ owner: "shared", attrs: { retentionInDays: 7 } });
  });
});
