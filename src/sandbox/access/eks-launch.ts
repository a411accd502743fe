import type { LaunchTemplateSpecification } from "@aws-sdk/client-eks";
import type { Call } from "../service.ts";
import {
  launchTemplateById,
  launchTemplateByName,
  type LaunchTemplateRecord,
  securityGroupsIn,
} from "../services/ec2/internal.ts";
import { invalidRequest } from "../services/eks/errors.ts";
import { roleOfProfile } from "./ec2.ts";
import { making, regionOf, resource } from "./ec2-resources.ts";
import { arn, type Context, need, passRole, type Requirement } from "./requirement.ts";

interface Launch {
  readonly template: LaunchTemplateSpecification;
  readonly subnets: readonly string[];
  /** Of the instances, when the template names none. */
  readonly clusterSecurityGroup: string | undefined;
}

/**
 * With a launch template EKS has EC2 try the launch as the caller, so it takes all that RunInstances takes (EKS user guide,
 * "Customize managed nodes with launch templates"; scylladb/scylla-cluster-tests#12172).
 */
export function launching(launch: Launch, call: Call): Requirement[] {
  return [
    need("ec2:DescribeLaunchTemplateVersions", "*", regionOf(call)),
    ...launchingFromTemplate(launch, call).map((each) => ({ ...each, refusal: notLaunched })),
  ];
}

/** All that RunInstances takes of whoever launches from a template, passing the role of its profile included. */
export function launchingFromTemplate({ template, subnets, clusterSecurityGroup }: Launch, call: Call): Requirement[] {
  const record = recordOf(template, call);
  const { ImageId, KeyName, InstanceType, TagSpecifications, ...data } = dataOf(record, template) ?? {};
  const ofTemplate = (isOfTemplate: boolean): Context => ({
    "ec2:LaunchTemplate": arn(call, "ec2", `launch-template/${record?.LaunchTemplateId ?? template.id ?? "*"}`),
    "ec2:IsLaunchTemplateResource": String(isOfTemplate),
  });
  const use = (id: string, isOfTemplate: boolean) => {
    const used = resource(id, call);
    return need("ec2:RunInstances", used.arn, regionOf(call), used.context, ofTemplate(isOfTemplate));
  };
  const useNamed = (name: string, isOfTemplate: boolean) =>
    need("ec2:RunInstances", name, regionOf(call), ofTemplate(isOfTemplate));
  const make = (type: "instance" | "volume" | "network-interface", context: Context = {}) =>
    making("RunInstances", { type }, TagSpecifications, call, ofTemplate(false), context);
  const groups = securityGroupsIn(data);

  return [
    use(record?.LaunchTemplateId ?? "lt-*", false),
    useNamed(`arn:${call.partition}:ec2:${call.region}::image/${ImageId ?? "*"}`, ImageId !== undefined),
    ...subnets.map((id) => use(id, false)),
    ...groups.map((id) => use(id, true)),
    ...(groups.length === 0 ? [use(clusterSecurityGroup ?? "sg-*", false)] : []),
    ...(data.Placement?.GroupName === undefined
      ? []
      : [useNamed(arn(call, "ec2", `placement-group/${data.Placement.GroupName}`), true)]),
    ...(KeyName === undefined ? [] : [useNamed(arn(call, "ec2", `key-pair/${KeyName}`), true)]),
    ...make("instance", InstanceType === undefined ? {} : { "ec2:InstanceType": InstanceType }),
    ...make("volume"),
    ...make("network-interface"),
    ...passRole(roleOfProfile(data.IamInstanceProfile, call), "ec2.amazonaws.com"),
  ];
}

function notLaunched(encodedMessage: string) {
  return invalidRequest(
    `You are not authorized to launch instances with this launch template. Encoded authorization failure message: ${encodedMessage}`,
  );
}

function recordOf(
  { id, name }: LaunchTemplateSpecification,
  { world, region }: Call,
): LaunchTemplateRecord | undefined {
  return id === undefined ? launchTemplateByName(world, region, name ?? "") : launchTemplateById(world, region, id);
}

/** Undefined where there is no such version: then EKS says so. */
function dataOf(record: LaunchTemplateRecord | undefined, { version = "$Default" }: LaunchTemplateSpecification) {
  const latest = Math.max(0, ...(record?.versions ?? []).map((each) => each.number));
  const meant =
    version === "$Latest" ? latest : version === "$Default" ? record?.DefaultVersionNumber : Number(version);
  return record?.versions.find((each) => each.number === meant)?.data;
}
