import type { Service } from "../service.ts";
import { autoScalingService } from "./autoscaling/index.ts";
import { cloudFormationService } from "./cloudformation/index.ts";
import { ec2Service } from "./ec2/index.ts";
import { eksService } from "./eks/index.ts";
import { elbService } from "./elb/index.ts";
import { elbV2Service } from "./elbv2/index.ts";
import { eventsService } from "./events/index.ts";
import { iamService } from "./iam/index.ts";
import { kmsService } from "./kms/index.ts";
import { controllers } from "./kubernetes/index.ts";
import { logsService } from "./logs/index.ts";
import { outpostsService } from "./outposts/index.ts";
import { sqsService } from "./sqs/index.ts";
import { ssmService } from "./ssm/index.ts";
import { stsService } from "./sts/index.ts";

/** The services that the sandbox simulates, in the order in which they are brought up to date. */
export const services: readonly Service[] = [
  iamService,
  kmsService,
  logsService,
  eventsService,
  sqsService,
  outpostsService,
  ssmService,
  stsService,
  elbService,
  elbV2Service,
  ec2Service,
  autoScalingService,
  cloudFormationService,
  eksService,
  controllers,
];
