import type { AwsContext } from "../aws/context.ts";
import { absentAsNull } from "../aws/errors.ts";
import { allow, ours, publicParameters } from "../aws/permissions.ts";
import { hash } from "../engine/hash.ts";
import type { Action, Live } from "../engine/kind.ts";
import type { Change } from "../engine/plan-types.ts";
import { InputError, RefusedError } from "../errors.ts";
import { type StackAttrs, stack } from "../resources/cloudformation/stack.ts";
import { rolling } from "../resources/cloudformation/stack-actions.ts";
import { rollNodegroup } from "../resources/cloudformation/stack-updates.ts";
import { imageOf, rememberedImageParameter } from "../resources/ec2/launch-template-boot-document.ts";
import { type LaunchTemplateAttrs, launchTemplate } from "../resources/ec2/launch-template.ts";
import { changeImage } from "../resources/ec2/launch-template-updates.ts";
import { nameInFile } from "./nodegroup-lookup.ts";
import { type NodegroupStep, itemOf } from "./nodegroup-steps.ts";
import type { NodegroupUpgrade } from "./upgrade-nodegroup.ts";

/** The permissions to bring self-managed nodes to another image, beside those to look at them. */
export const upgradingSelfManaged: readonly Action[] = [
  ...allow("ssm:GetParameter", publicParameters),
  ...allow(["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"], ours("launch-template")),
  ...rolling,
];

/** What brings nodes to the newest image of a Kubernetes version. */
interface ImageMove {
  readonly template: Live<LaunchTemplateAttrs>;
  /** Of SSM, which names the image. */
  readonly parameter: string;
  readonly from: string | undefined;
  /** Null: there is none of this version. */
  readonly to: string | null;
}

/**
 * The step that replaces the nodes of a self-managed nodegroup by such with the newest image of a Kubernetes version. How that image
 * is found was remembered when the nodegroup was made; a file that leaves `ami` open keeps whatever image there is.
 *
 * @param version of Kubernetes.
 * @throws InputError for options that only EKS knows what to do with, and where the file names the image; RefusedError while
 *   CloudFormation works on anything else, and where there is no such image.
 */
export async function selfManagedStep(
  live: Live<StackAttrs>,
  request: NodegroupUpgrade,
  version: string,
  ctx: AwsContext,
): Promise<NodegroupStep> {
  const name = nameInFile(live.id);
  checkOptions(name, request);
  const move = await imageMoveOf(live, version, ctx);
  if (move === undefined) {
    throw new InputError(`the nodegroup ${name} is self-managed, and its file names the image`, {
      hint: "name the new image in its `ami` in the file and run `ekstool apply`: nodes are replaced one after another",
    });
  }
  const { template, from, to } = move;
  if (to === null) {
    throw new RefusedError(`there is no image of Kubernetes ${version} for the nodegroup ${name}: ${move.parameter}`, {
      hint: "name another amiFamily, or an image in `ami`, in the file and run `ekstool apply`",
    });
  }
  const { id, latestVersion, nodesVersion } = template.attrs;
  const had = live.attrs.group?.oldestVersion ?? nodesVersion;
  const changes = [
    change("image", from, to),
    // An earlier run made the version, and was cut short before all nodes were replaced.
    ...(from === to && had < nodesVersion ? [change("launch template version", had, nodesVersion)] : []),
  ].flat();
  const waits = from === to && live.phase === "pending";
  if (!waits && live.phase !== "ready" && live.phase !== "degraded") {
    throw new RefusedError(`the nodegroup ${name} is ${live.phase}: ${live.detail ?? live.attrs.status}`, {
      hint: "run the same command again when it is ready",
    });
  }
  const { expect, limit } = stack.timing("roll", undefined, live);
  const nodegroup = { managed: false, live } as const;
  const item = itemOf(nodegroup, waits ? [] : changes, {
    waits,
    interrupts: changes.length > 0,
    expectSeconds: expect,
  });
  const reason = waits
    ? "it is under way already"
    : `every node is replaced by one with the newest image of ${version}, one after the other, and drained before`;
  const token = hash(["upgrade", live.attrs.stackId, to, latestVersion, ctx.clock.now()]);
  return {
    nodegroup,
    item: item.verb === "keep" ? { ...item, expectSeconds: 0 } : { ...item, reason },
    limitSeconds: limit,
    async start() {
      if (from === to) return rollNodegroup(live, { id, latestVersion, nodesVersion }, token, ctx);
      const version = await changeImage(template, to, token, ctx);
      return rollNodegroup(live, { id, latestVersion: version, nodesVersion: version }, token, ctx);
    },
  };
}

/** Undefined where the file names the image. */
async function imageMoveOf({ id }: Live<StackAttrs>, version: string, ctx: AwsContext): Promise<ImageMove | undefined> {
  const name = nameInFile(id);
  const [template] = await launchTemplate.list(ctx, `launch-template/${name}`);
  const parameter = template && rememberedImageParameter(template.attrs.tags, version);
  if (template === undefined || parameter === undefined) return undefined;
  const to = await absentAsNull(() => imageOf(parameter, ctx));
  return { template, parameter, from: template.attrs.data.imageId, to };
}

/** Self-managed nodegroups of which there is a newer image for a Kubernetes version, by the names in the file. */
export async function behind(version: string, ctx: AwsContext): Promise<readonly string[]> {
  const lives = await stack.list(ctx, undefined);
  const moves = await Promise.all(
    lives.map(async (live) => ({ name: nameInFile(live.id), move: await imageMoveOf(live, version, ctx) })),
  );
  return moves.flatMap(({ name, move = { from: null, to: null } }) => {
    const { from, to } = move;
    return to === null || from === to ? [] : [name];
  });
}

function checkOptions(name: string, request: NodegroupUpgrade): void {
  const { releaseVersion, launchTemplateVersion, force, wait } = request;
  const given = Object.entries({
    "--release-version": releaseVersion !== undefined,
    "--launch-template-version": launchTemplateVersion !== undefined,
    "--force-upgrade": force,
    // CloudFormation works a change out before it can be told to carry it out.
    "--wait=false": !wait,
  }).flatMap(([option, isGiven]) => (isGiven ? [option] : []));
  if (given.length === 0) return;
  throw new InputError(`the nodegroup ${name} is self-managed: ${given.join(" and ")} cannot be used with it`, {
    hint: "leave it out for the newest image of the cluster's version, or name an image in `ami` in the file and run `ekstool apply`",
  });
}

function change(aspect: string, from: unknown, to: unknown): readonly Change[] {
  return from === to ? [] : [{ aspect, from, to, group: "roll", interrupts: true, listedOnly: false }];
}
