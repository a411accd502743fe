import { describe, expect, it } from "vitest";
import { changedTexts, mappingsIn, rowCounts } from "../../src/resources/kube/aws-auth-document.ts";

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const data = {
  mapRoles: `# by hand
- rolearn: ${arn("twice")}
  username: first
- rolearn: ${arn("twice")}
  username: second
  groups: [readers]
- nobody: knows
- rolearn: ${arn("once")}
`,
  mapAccounts: `["444455556666"]`,
};

describe("aws-auth", () => {
  it("has rows, the last of which counts", () => {
    expect(mappingsIn(data)).toEqual({
      [arn("twice")]: { username: "second", groups: ["readers"] },
      [arn("once")]: {},
      "444455556666": {},
    });
    expect(rowCounts(data)).toMatchObject({ [arn("twice")]: 2, [arn("once")]: 1 });
  });

  it("keeps every row that a change is not about", () => {
    const texts = changedTexts(data, { set: { [arn("new")]: { username: "new" } }, remove: [arn("once")] });
    expect(mappingsIn(texts)).toMatchObject({ [arn("new")]: { username: "new" }, "444455556666": {} });
    expect(rowCounts(texts)).toEqual({ [arn("twice")]: 2, [arn("new")]: 1, "444455556666": 1 });
    expect(texts["mapRoles"]).toContain("nobody: knows");
    expect(texts["mapUsers"]).toBeNull();
  });

  it("has one row of what is set, and none of what is removed", () => {
    const set = { [arn("twice")]: { username: "third" } };
    expect(rowCounts(changedTexts(data, { set, remove: [] }))).toMatchObject({ [arn("twice")]: 1 });
    expect(rowCounts(changedTexts(data, { set: {}, remove: [arn("twice")] }))).not.toHaveProperty([arn("twice")]);
  });
});
