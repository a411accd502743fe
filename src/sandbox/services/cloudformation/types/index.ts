import { autoScalingGroupType } from "./auto-scaling-group.ts";
import { instanceProfileType } from "./instance-profile.ts";
import { roleType } from "./role.ts";
import { profileType, trustAnchorType } from "./roles-anywhere.ts";
import type { ResourceType } from "./type.ts";

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::AutoScaling::AutoScalingGroup": autoScalingGroupType,
  "AWS::IAM::InstanceProfile": instanceProfileType,
  "AWS::IAM::Role": roleType,
  "AWS::RolesAnywhere::Profile": profileType,
  "AWS::RolesAnywhere::TrustAnchor": trustAnchorType,
};
