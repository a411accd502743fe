const direction = "(north|south|east|west|central|northeast|northwest|southeast|southwest)";

/** AWS's partitions by the form of their region names, as in the SDK's own partition table. */
const partitions = [
  { name: "aws-us-gov", regions: new RegExp(`^us-gov-${direction}-\\d$`) },
  { name: "aws-iso", regions: new RegExp(`^us-iso-${direction}-\\d$`) },
  { name: "aws-iso-b", regions: new RegExp(`^us-isob-${direction}-\\d$`) },
  { name: "aws-iso-e", regions: new RegExp(`^eu-isoe-${direction}-\\d$`) },
  { name: "aws-iso-f", regions: new RegExp(`^us-isof-${direction}-\\d$`) },
  { name: "aws-cn", regions: new RegExp(`^cn-${direction}-\\d$`) },
  { name: "aws", regions: new RegExp(`^(us|eu|ap|sa|ca|me|af|il|mx)-${direction}-\\d$`) },
] as const;

/** The partition that a region lies in; undefined for a name that no region has. */
export function partitionOf(region: string): string | undefined {
  return partitions.find((partition) => partition.regions.test(region))?.name;
}
