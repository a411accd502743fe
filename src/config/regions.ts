import { nearest } from "./nearest.ts";

const direction = "(?:central|north|south|east|west|northeast|northwest|southeast|southwest)";

/** AWS's partitions by the form of their regions' names, so that a new region needs no new release. */
const partitions: readonly { readonly name: string; readonly region: RegExp }[] = [
  { name: "aws-us-gov", region: new RegExp(`^us-gov-${direction}-\\d$`) },
  { name: "aws-cn", region: new RegExp(`^cn-${direction}-\\d$`) },
  { name: "aws-iso", region: new RegExp(`^us-iso-${direction}-\\d$`) },
  { name: "aws-iso-b", region: new RegExp(`^us-isob-${direction}-\\d$`) },
  { name: "aws-iso-e", region: new RegExp(`^eu-isoe-${direction}-\\d$`) },
  { name: "aws-iso-f", region: new RegExp(`^us-isof-${direction}-\\d$`) },
  { name: "aws", region: new RegExp(`^(?:us|eu|ap|sa|ca|me|af|il|mx)-${direction}-\\d$`) },
];

/** The partition that a region's name belongs to; undefined for a name that no region can have. */
export function partitionOfRegion(region: string): string | undefined {
  return partitions.find((partition) => partition.region.test(region))?.name;
}

/** For suggestions only. */
const knownRegions = [
  "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1",
  "eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-central-1 eu-central-2 eu-south-1 eu-south-2",
  "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-east-1 ap-east-2",
  "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7",
  "me-central-1 me-south-1 af-south-1 il-central-1 us-gov-east-1 us-gov-west-1 cn-north-1 cn-northwest-1",
  "us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-south-1 us-isof-east-1 eu-isoe-west-1",
].flatMap((line) => line.split(" "));

export function nearestRegion(region: string): string | undefined {
  return nearest(region, knownRegions);
}

/** Whether a name has the form of an availability zone of a region; of any region where that is not known. */
export function isZoneOf(name: string, region: string | undefined): boolean {
  if (region === undefined) return /^[a-z-]+-\d[a-z]$/u.test(name);
  return name.startsWith(region) && /^[a-z]$/u.test(name.slice(region.length));
}

/** Whether a name has the form of a Local Zone of a region: `us-west-2-lax-1a`. */
export function isLocalZoneOf(name: string, region: string): boolean {
  return name.startsWith(`${region}-`) && /^[a-z]+-\d+[a-z]$/u.test(name.slice(region.length + 1));
}
