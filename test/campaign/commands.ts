import { proposeApply, proposeCreate, proposeDelete } from "../../src/operations/cluster.ts";
import { proposeCreateNodegroups } from "../../src/operations/nodegroups.ts";
import type { OnFailure, Proposal } from "../../src/operations/proposal.ts";
import { proposeLabels } from "../../src/operations/labels.ts";
import { proposeScale } from "../../src/operations/scale.ts";
import { proposeClusterUpgrade } from "../../src/operations/upgrade-cluster.ts";
import { proposeNodegroupUpgrade } from "../../src/operations/upgrade-nodegroup.ts";
import { type Account, type RunChoice, parse } from "../support/account.ts";
import { nodegroupsOf } from "./files.ts";

/** What a user types, in two steps: others may get in between a plan and its execution. */
export interface Command {
  readonly name: string;
  /** The text of the cluster's file. */
  readonly file: string;
  readonly onFailure: OnFailure;
  /** Seconds to wait while another run is at work on the cluster; absent: it is refused then. */
  readonly waitForLock?: number;
  propose(account: Account, choice: RunChoice): Promise<Proposal>;
  /** The same on the command line; `file` is the path of the cluster's file. */
  argv(file: string): readonly string[];
}

/** The same, by somebody who waits until nobody else is at work on the cluster. */
export function waiting(command: Command): Command {
  return { ...command, waitForLock: 3600, argv: (file) => [...command.argv(file), "--wait-lock"] };
}

export function create(text: string, onFailure: OnFailure = "auto"): Command {
  const config = parse(text);
  return {
    name: "create",
    file: text,
    onFailure,
    propose: (account, choice) => proposeCreate(account.session(config.metadata.region, choice), config),
    argv: (file) => ["create", "cluster", "-f", file, `--on-failure=${onFailure}`, "--yes"],
  };
}

export function apply(text: string, name = "apply"): Command {
  const config = parse(text);
  return {
    name,
    file: text,
    onFailure: "auto",
    propose: (account, choice) =>
      proposeApply(account.session(config.metadata.region, choice), config, { prune: true }),
    argv: (file) => ["apply", "-f", file, "--prune", "--yes"],
  };
}

export function remove(text: string): Command {
  const { name, region } = parse(text).metadata;
  return {
    name: "delete",
    file: text,
    onFailure: "auto",
    propose: (account, choice) => proposeDelete(account.session(region, choice), name),
    argv: () => ["delete", "cluster", `--name=${name}`, `--region=${region}`, "--yes"],
  };
}

/** Makes the nodegroups of a file that are missing. */
export function grow(text: string): Command {
  const config = parse(text);
  return {
    name: "create nodegroup",
    file: text,
    onFailure: "keep",
    propose: (account, choice) =>
      proposeCreateNodegroups(account.session(config.metadata.region, choice), config, () => true),
    argv: (file) => ["create", "nodegroup", "-f", file, "--yes"],
  };
}

export function scale(text: string): Command {
  const { name, region } = parse(text).metadata;
  const nodegroup = firstNodegroup(text);
  const target = [`--cluster=${name}`, `--region=${region}`, `--name=${nodegroup}`];
  const [desired, max] = [3, 6];
  return {
    name: "scale",
    file: text,
    onFailure: "keep",
    propose: (account, choice) =>
      proposeScale(account.session(region, choice), name, [{ nodegroup, desired, max }], { wait: true }),
    argv: () => ["scale", "nodegroup", ...target, `--nodes=${desired}`, `--nodes-max=${max}`, "--wait", "--yes"],
  };
}

const releaseVersion = "1.34.6-20261105";

export function upgrade(text: string): Command {
  const { name: cluster, region } = parse(text).metadata;
  const nodegroup = firstNodegroup(text);
  const target = [`--cluster=${cluster}`, `--region=${region}`, `--name=${nodegroup}`];
  return {
    name: "upgrade",
    file: text,
    onFailure: "keep",
    propose: (account, choice) =>
      proposeNodegroupUpgrade(account.session(region, choice), {
        cluster,
        nodegroup,
        releaseVersion,
        force: false,
        wait: true,
      }),
    argv: () => ["upgrade", "nodegroup", ...target, `--release-version=${releaseVersion}`, "--wait", "--yes"],
  };
}

/** Of the control plane, by two minors. */
export function upgradeCluster(text: string): Command {
  const { name: cluster, region } = parse(text).metadata;
  const version = "1.36";
  return {
    name: "upgrade cluster",
    file: text,
    onFailure: "keep",
    propose: (account, choice) =>
      proposeClusterUpgrade(account.session(region, choice), { cluster, version, force: false }),
    argv: () => ["upgrade", "cluster", `--name=${cluster}`, `--region=${region}`, `--version=${version}`, "--yes"],
  };
}

export function label(text: string): Command {
  const { name: cluster, region } = parse(text).metadata;
  const nodegroup = firstNodegroup(text);
  const request = { cluster, nodegroup, set: { team: "web" }, unset: [] };
  return {
    name: "set labels",
    file: text,
    onFailure: "keep",
    propose: (account, choice) => proposeLabels(account.session(region, choice), request),
    argv: () => [
      "set",
      "labels",
      `--cluster=${cluster}`,
      `--region=${region}`,
      `--nodegroup=${nodegroup}`,
      "--labels=team=web",
    ],
  };
}

function firstNodegroup(text: string): string {
  const [first] = nodegroupsOf(text);
  if (!first) throw new Error("the file has no nodegroup");
  return first.name;
}
