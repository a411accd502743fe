import { describe, expect, it } from "vitest";
import { clusterFile, problemsOf } from "./support.ts";

type Case = readonly [what: string, text: string, ...problems: readonly string[]];

const profiles = (...items: readonly string[]) => clusterFile(`fargateProfiles: [${items.join(", ")}]`);
const profile = (name: string, more = "") => `{ name: ${name}, selectors: [{ namespace: a }]${more} }`;
const podRole = "arn:aws:iam::111122223333:role/pods";

const cases: readonly Case[] = [
  [
    "patterns, labels, five selectors",
    profiles(`{ name: a, selectors: [${"{ namespace: 't-*', labels: { x: 'a?' } }, ".repeat(5)}] }`),
  ],
  [
    "six selectors",
    profiles(`{ name: a, selectors: [${"{ namespace: b }, ".repeat(6)}] }`),
    "6:41 fargateProfiles[0].selectors: EKS allows at most 5 selectors in a profile",
  ],
  [
    "no selector",
    profiles("{ name: a, selectors: [] }"),
    "6:41 fargateProfiles[0].selectors: needs at least one selector",
  ],
  [
    "six labels",
    profiles("{ name: a, selectors: [{ namespace: a, labels: { a: b, c: d, e: f, g: h, i: j, k: l } }] }"),
    "6:66 fargateProfiles[0].selectors[0].labels: EKS allows at most 5 labels in a selector",
  ],
  [
    "a name of EKS's own",
    profiles(profile("eks-a")),
    "6:27 fargateProfiles[0].name: must not begin with eks-, which EKS keeps for itself",
  ],
  [
    "one name twice",
    profiles(profile("a"), profile("a")),
    "6:71 fargateProfiles[1].name: there is a Fargate profile a already",
  ],
  [
    "a boundary for a given role",
    clusterFile(
      `iam: { fargatePodExecutionRoleARN: "${podRole}", fargatePodExecutionRolePermissionsBoundary: "arn:aws:iam::111122223333:policy/a" }`,
    ),
    "6:75 iam.fargatePodExecutionRolePermissionsBoundary: cannot stand beside fargatePodExecutionRoleARN: a given role is not changed",
  ],
  [
    "a role with a path where aws-auth lets pods in",
    clusterFile(`accessConfig: { authenticationMode: CONFIG_MAP }
fargateProfiles: [${profile("a", ", podExecutionRoleARN: 'arn:aws:iam::111122223333:role/team/pods'")}]`),
    "7:82 fargateProfiles[0].podExecutionRoleARN: must be a role without a path with authenticationMode CONFIG_MAP",
  ],
];

describe("Fargate profiles", () => {
  it.each(cases)("%s", (_, text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
