import { expect, it } from "vitest";
import { appliedByHand, mappedByHand } from "../../src/resources/kube/by-hand.ts";

it("an object is applied as ekstool would, whatever stands in it", () => {
  const metadata = { name: "api", namespace: "web", annotations: { note: "it's" } };
  expect(appliedByHand({ apiVersion: "v1", kind: "ServiceAccount", metadata })).toBe(
    String.raw`echo '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"api","namespace":"web","annotations":{"note":"it'\''s"}}}' | kubectl apply --server-side --field-manager=ekstool -f -`,
  );
});

it("mappings are named by the list that they belong to", () => {
  const mappings = { "arn:aws:iam::111122223333:role/ops": { groups: ["system:masters"] }, "444455556666": {} };
  expect(mappedByHand(mappings)).toBe(
    'kubectl edit configmap aws-auth --namespace=kube-system # add to mapRoles: [{"rolearn":"arn:aws:iam::111122223333:role/ops","groups":["system:masters"]}]; mapAccounts: ["444455556666"]',
  );
});
