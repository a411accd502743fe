import type { Branch, Leaf } from "../command.ts";
import { createVerb } from "./create/index.ts";
import { getVerb } from "./get/index.ts";
import { updateVerb } from "./update/index.ts";
import { setVerb } from "./set/index.ts";
import { unsetVerb } from "./unset/index.ts";
import { enableVerb } from "./enable/index.ts";
import { associateVerb } from "./associate/index.ts";
import { disassociateVerb } from "./disassociate/index.ts";
import { scaleVerb } from "./scale/index.ts";
import { upgradeVerb } from "./upgrade/index.ts";
import { drainVerb } from "./drain/index.ts";
import { deleteVerb } from "./delete/index.ts";
import { utilsVerb } from "./utils/index.ts";
import { sandboxVerb } from "./sandbox/index.ts";

/** Every command, in the order of the help. */
export const verbs: Readonly<Record<string, Leaf | Branch>> = {
  create: createVerb,
  plan: {
    summary: "show what apply would change; change nothing",
    load: () => import("./plan.ts"),
  },
  apply: {
    summary: "bring a cluster in line with its file, or carry out a saved plan",
    load: () => import("./apply.ts"),
  },
  validate: {
    summary: "check a file without asking AWS anything",
    load: () => import("./validate.ts"),
  },
  get: getVerb,
  update: updateVerb,
  set: setVerb,
  unset: unsetVerb,
  enable: enableVerb,
  associate: associateVerb,
  disassociate: disassociateVerb,
  scale: scaleVerb,
  upgrade: upgradeVerb,
  drain: drainVerb,
  delete: deleteVerb,
  utils: utilsVerb,
  token: {
    summary: "print a token for a cluster's Kubernetes API (the kubeconfig calls this)",
    load: () => import("./token.ts"),
  },
  sandbox: sandboxVerb,
  completion: {
    summary: "print a completion script for bash, zsh or fish",
    load: () => import("./completion.ts"),
  },
  version: {
    summary: "print the tool's version",
    load: () => import("./version.ts"),
  },
};
