import type { DescribeImagesRequest, DescribeImagesResult, Image } from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { takeOnly } from "./errors.ts";
import { ec2Of, ownerOf, type Place } from "./place.ts";
import { publishedImages } from "./published-images.ts";
import type { ImageRecord } from "./state.ts";

/** Of AWS's images; what makers' accounts are is nothing that anybody here asks. */
const maker = "602401143452";

/** GiB. */
const publishedSize = 8;

function imageOf(place: Place, id: string): (ImageRecord & { readonly owner: string }) | undefined {
  const { images } = ec2Of(place);
  const own = Object.hasOwn(images, id) ? images[id] : undefined;
  if (own) return { ...own, owner: ownerOf(place) };
  const found = publishedImages(place.region).find((image) => image.id === id);
  if (!found) return undefined;
  const { architecture: Architecture, rootDevice: RootDeviceName } = found;
  return { ImageId: id, Architecture, RootDeviceName, State: "available", size: publishedSize, owner: maker };
}

function describeImages(input: DescribeImagesRequest, call: Call): DescribeImagesResult {
  takeOnly("DescribeImages", input, ["ImageIds"]);
  const { ImageIds: ids = [] } = input;
  if (ids.length === 0) throw notSimulated("ec2:DescribeImages without ImageIds");
  const found = ids.map((id) => imageOf(call, id));
  const missing = ids.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return { Images: found.flatMap((image) => (image ? [view(image)] : [])) };
  throw new AwsError("InvalidAMIID.NotFound", `The image id '[${missing.join(", ")}]' does not exist`);
}

function view({ size, owner, ...image }: NonNullable<ReturnType<typeof imageOf>>): Image {
  const Ebs = { VolumeSize: size, VolumeType: "gp3", DeleteOnTermination: true, Encrypted: false } as const;
  return {
    ...image,
    OwnerId: owner,
    Public: owner === maker,
    ImageType: "machine",
    VirtualizationType: "hvm",
    RootDeviceType: "ebs",
    BlockDeviceMappings: [{ DeviceName: image.RootDeviceName, Ebs }],
  };
}

export const imageHandlers = { DescribeImages: describeImages };
