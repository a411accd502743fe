import { CreateStackCommand, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import { created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { tagList, type Tags } from "../../aws/tags.ts";
import type { Aspect, Duration, Live, NamedKind, Want } from "../../engine/kind.ts";
import { creationTags, tagsAspect } from "../tags-aspect.ts";
import { changeStack, tagsWith } from "./change-set.ts";
import { listStacks, readStack, type StackDocument } from "./stack-document.ts";

interface ResourceSpec {
  readonly description: string;
  /** Of the stack and the resource. */
  readonly tags: Tags;
}
export interface ResourceAttrs extends StackDocument {
  /** Of the resource; empty before it is made. */
  readonly arn: string;
}

type ResourceKind<Spec, Deps> = NamedKind<Spec, Deps, ResourceAttrs, AwsContext, "stack">;

interface ResourceType<Spec, Deps> extends Pick<
  ResourceKind<Spec, Deps>,
  "name" | "title" | "deletedBefore" | "actions"
> {
  /** The logical id: a cluster has one. */
  readonly id: string;
  /** As CloudFormation calls the type, and its attribute that is the ARN. */
  readonly type: string;
  readonly arn: string;
  /** What it is made with, beside its name, which is the stack's. */
  readonly properties: Readonly<Record<string, (spec: Spec, deps: Deps) => unknown>>;
}

/** Seconds. */
const timing: Duration = { expect: 10, limit: 900 };

/** A kind whose one resource CloudFormation makes, in a stack that holds nothing else. */
export function resourceStack<Spec extends ResourceSpec, Deps>(
  resource: ResourceType<Spec, Deps>,
): ResourceKind<Spec, Deps> {
  const { name, title, deletedBefore, actions, id: ownId, properties } = resource;
  const read = async (ref: string, ctx: AwsContext) => {
    const live = await readStack(ref, ctx);
    return live && withArn(live);
  };
  const templateOf = ({ spec, deps }: Want<Spec, Deps>) =>
    JSON.stringify({
      AWSTemplateFormatVersion: "2010-09-09",
      Description: spec.description,
      Resources: {
        Resource: {
          Type: resource.type,
          Properties: {
            Name: { Ref: "AWS::StackName" },
            ...Object.fromEntries(Object.entries(properties).map(([key, valueOf]) => [key, valueOf(spec, deps)])),
          },
        },
      },
      Outputs: { Arn: { Value: { "Fn::GetAtt": ["Resource", resource.arn] } } },
    });
  return {
    name,
    title,
    deletedBefore,
    timing: () => timing,
    actions,

    async list(ctx, id = ownId) {
      const lives = await listStacks(ctx, (each) => each === ownId && each === id);
      return lives.map(withArn);
    },
    read,
    find: read,

    async create(want, ctx) {
      const { StackId } = await ctx.clients.cloudformation.send(
        new CreateStackCommand({
          StackName: want.name,
          TemplateBody: templateOf(want),
          // What the resource is tagged with follows from the stack's.
          Tags: tagList(creationTags(ctx, want.id, want.spec.tags)),
          ClientRequestToken: want.token,
        }),
      );
      created(StackId, "stack");
      return { ref: want.name };
    },

    async delete(live, ctx) {
      await ctx.clients.cloudformation.send(new DeleteStackCommand({ StackName: live.attrs.stackId }));
    },

    aspects: {
      ...Object.fromEntries(
        Object.entries(properties).map(([key, valueOf]): [string, Aspect<Spec, Deps, ResourceAttrs, "stack">] => [
          key,
          { want: valueOf, have: ({ template }) => propertiesIn(template)[key] ?? null, change: () => "stack" },
        ]),
      ),
      tags: { ...tagsAspect, change: () => "stack" },
    },
    updates: {
      stack: (want, live, ctx) =>
        changeStack(
          { template: templateOf(want), parameters: [], tags: tagsWith(live.attrs.tags, want.spec.tags) },
          want.token,
          live,
          ctx,
        ),
    },
  };
}

function withArn(live: Live<StackDocument>): Live<ResourceAttrs> {
  return { ...live, attrs: { ...live.attrs, arn: live.attrs.outputs["Arn"] ?? "" } };
}

/** As they were sent. */
function propertiesIn(template: string): Readonly<Record<string, unknown>> {
  const { Resources } = JSON.parse(template) as {
    readonly Resources?: { readonly Resource?: { readonly Properties?: Readonly<Record<string, unknown>> } };
  };
  return Resources?.Resource?.Properties ?? {};
}
