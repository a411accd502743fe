import type { Call } from "../../service.ts";
import { publishedImages } from "../ec2/published-images.ts";
import type { ParameterRecord } from "./state.ts";

const published = Date.parse("2026-11-05T00:00:00Z");

/** Whether AWS publishes a parameter under such a name, for everybody. */
export function isPublic(name: string): boolean {
  return /^\/?aws\/service\//.test(name);
}

/** Undefined where nothing is published: of all that is, the sandbox has the images for nodes. */
export function publicParameter({ partition, region }: Call, name: string): ParameterRecord | undefined {
  const plain = name.replace(/^\/?aws\/service\//, "");
  const image = publishedImages(region).find(({ parameter }) => parameter === plain);
  return (
    image && {
      name,
      arn: `arn:${partition}:ssm:${region}::parameter/aws/service/${plain}`,
      value: image.id,
      version: 1,
      modifiedAt: published,
      visibleAt: 0,
      tags: {},
    }
  );
}
