import {
  DescribeKeyPairsCommand,
  DescribePlacementGroupsCommand,
  DescribeVpnGatewaysCommand,
  paginateDescribeSecurityGroups,
  paginateDescribeTransitGateways,
} from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing";
import { DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetPolicyCommand, GetRoleCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { collect } from "../aws/answers.ts";
import type { Clients } from "../aws/clients.ts";
import { absentAsNull } from "../aws/errors.ts";
import { nameInArn } from "../aws/names.ts";
import { allowOptionally, kmsKey } from "../aws/permissions.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Action } from "../engine/kind.ts";
import { InputError } from "../errors.ts";
import { givenKeys, keyProblem } from "./given-keys.ts";
import { type GivenRole, givenThings } from "./given-things.ts";
import { optionally } from "./optional.ts";
import type { Session } from "./session.ts";

/** One kind of given things: what is asked of AWS, with which permission, and what is wrong with them by its answer. */
interface Check {
  readonly subjects: readonly string[];
  readonly action: string;
  readonly on?: readonly string[];
  ask(clients: Clients): Promise<readonly string[]>;
}

/** What a file takes as given and is looked for here; nobody is shown roles, policies and target groups of other accounts. */
function checksOf(config: ClusterConfig, isOurs: (arn: string) => boolean): readonly Check[] {
  const given = givenThings(config);
  const roles = given.roles.filter(({ arn }) => isOurs(arn));
  const users = given.users.filter(isOurs);
  const policies = given.policies.filter(isOurs);
  const keyPairs = given.keyPairs.map(({ name }) => name);
  const placementGroups = given.placementGroups.map(({ name }) => name);
  const securityGroups = given.securityGroups.map(({ id }) => id);
  const targetGroups = given.targetGroups.map(({ arn }) => arn).filter(isOurs);
  const classicLoadBalancers = given.classicLoadBalancers.map(({ name }) => name);
  const transitGateways = given.transitGateways.map(({ id }) => id);
  const vpnGateways = given.vpnGateways.map(({ id }) => id);
  const checks: readonly Check[] = [
    {
      subjects: roles.map(({ arn }) => arn),
      action: "iam:GetRole",
      on: roles.map(({ arn }) => arn),
      ask: (clients) => each(roles, (role) => roleProblem(role, clients)),
    },
    {
      subjects: users,
      action: "iam:GetUser",
      on: users,
      ask: ({ iam }) =>
        each(users, async (arn) => {
          const found = await absentAsNull(() => iam.send(new GetUserCommand({ UserName: nameInArn(arn) })));
          return found?.User?.Arn === arn ? undefined : `there is no user ${arn}`;
        }),
    },
    {
      subjects: policies,
      action: "iam:GetPolicy",
      on: policies,
      ask: ({ iam }) =>
        each(policies, async (PolicyArn) => {
          const found = await absentAsNull(() => iam.send(new GetPolicyCommand({ PolicyArn })));
          return found ? undefined : `there is no policy ${PolicyArn}`;
        }),
    },
    {
      subjects: keyPairs,
      action: "ec2:DescribeKeyPairs",
      async ask({ ec2 }) {
        const { KeyPairs = [] } = await ec2.send(new DescribeKeyPairsCommand(filtered("key-name", keyPairs)));
        const there = KeyPairs.map(({ KeyName }) => KeyName);
        return missing("key pair", keyPairs, there);
      },
    },
    {
      subjects: placementGroups,
      action: "ec2:DescribePlacementGroups",
      async ask({ ec2 }) {
        const asked = new DescribePlacementGroupsCommand(filtered("group-name", placementGroups));
        const { PlacementGroups = [] } = await ec2.send(asked);
        const there = PlacementGroups.map(({ GroupName }) => GroupName);
        return missing("placement group", placementGroups, there);
      },
    },
    {
      subjects: securityGroups,
      action: "ec2:DescribeSecurityGroups",
      async ask({ ec2 }) {
        const pages = paginateDescribeSecurityGroups({ client: ec2 }, filtered("group-id", securityGroups));
        const found = await collect(pages, (page) => page.SecurityGroups);
        const there = found.map(({ GroupId }) => GroupId);
        return missing("security group", securityGroups, there);
      },
    },
    {
      subjects: transitGateways,
      action: "ec2:DescribeTransitGateways",
      async ask({ ec2 }) {
        const pages = paginateDescribeTransitGateways({ client: ec2 }, filtered("transit-gateway-id", transitGateways));
        const found = await collect(pages, (page) => page.TransitGateways);
        const there = found.filter(isThere).map(({ TransitGatewayId }) => TransitGatewayId);
        return missing("transit gateway", transitGateways, there);
      },
    },
    {
      subjects: vpnGateways,
      action: "ec2:DescribeVpnGateways",
      async ask({ ec2 }) {
        const asked = new DescribeVpnGatewaysCommand(filtered("vpn-gateway-id", vpnGateways));
        const { VpnGateways = [] } = await ec2.send(asked);
        const there = VpnGateways.filter(isThere).map(({ VpnGatewayId }) => VpnGatewayId);
        return missing("virtual private gateway", vpnGateways, there);
      },
    },
    {
      subjects: targetGroups,
      action: "elasticloadbalancing:DescribeTargetGroups",
      ask: ({ elbv2 }) =>
        each(targetGroups, async (arn) => {
          const asked = new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
          const [found] = (await absentAsNull(() => elbv2.send(asked)))?.TargetGroups ?? [];
          if (!found) return `there is no target group ${arn}`;
          if (found.TargetType === "instance") return undefined;
          return `the target group ${arn} is for targets of the type ${found.TargetType}, and nodes are instances`;
        }),
    },
    {
      subjects: classicLoadBalancers,
      action: "elasticloadbalancing:DescribeLoadBalancers",
      ask: ({ elb }) =>
        each(classicLoadBalancers, async (name) => {
          const asked = new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] });
          const found = await absentAsNull(() => elb.send(asked));
          return found ? undefined : `there is no classic load balancer ${name}`;
        }),
    },
    // Each for itself: whether the caller may look is said by the key.
    ...givenKeys(config).map((key) => ({
      subjects: [key.name],
      action: "kms:DescribeKey",
      on: kmsKey(key.name).on,
      ask: (clients: Clients) => each([key], (one) => keyProblem(one, clients)),
    })),
  ];
  return checks.filter(({ subjects }) => subjects.length > 0);
}

/** The permissions that `givenProblems` takes. */
export function checkingGiven(config: ClusterConfig): readonly Action[] {
  return checksOf(config, () => true).flatMap(({ action, on }) =>
    allowOptionally("what the file names and is not there is found late", action, on && { on }),
  );
}

/** What `givenAnswers` looks for. */
export function givenSubjects(config: ClusterConfig): readonly string[] {
  return unique(checksOf(config, () => true).flatMap(({ subjects }) => subjects));
}

/** What is said of the things that a file takes as given. */
export interface GivenAnswers {
  /** What is not there, or would not do. */
  readonly problems: readonly string[];
  /** What could not be looked at: it belongs to another account, or the caller may not look. */
  readonly unseen: readonly string[];
}

export async function givenAnswers(session: Session, config: ClusterConfig): Promise<GivenAnswers> {
  const { account } = await session.caller();
  const checks = checksOf(config, (arn) => arn.split(":")[4] === account);
  const ifAllowed = optionally(session, "whether all exists that the file names is not checked");
  const found = await Promise.all(checks.map((check) => ifAllowed(() => check.ask(session.clients))));
  const seen = new Set(checks.filter((_, index) => found[index] !== undefined).flatMap(({ subjects }) => subjects));
  return {
    problems: found.flatMap((problems) => problems ?? []),
    unseen: givenSubjects(config).filter((subject) => !seen.has(subject)),
  };
}

/** @throws InputError for all that is wrong with what the file takes as given. */
export async function requireGiven(session: Session, config: ClusterConfig): Promise<void> {
  const { problems } = await givenAnswers(session, config);
  if (problems.length > 0)
    throw new InputError(problems.join("\n"), { hint: "make it, or put it right, first; or name another one" });
}

async function roleProblem({ arn, trustServices }: GivenRole, { iam }: Clients): Promise<string | undefined> {
  const found = await absentAsNull(() => iam.send(new GetRoleCommand({ RoleName: nameInArn(arn) })));
  if (found?.Role?.Arn !== arn) return `there is no role ${arn}`;
  const trust = decodeURIComponent(found.Role.AssumeRolePolicyDocument ?? "");
  const missing = trustServices.filter((service) => !trust.includes(service));
  return missing.length === 0 ? undefined : `the role ${arn} does not trust ${missing.join(", ")}`;
}

async function each<Thing>(
  things: readonly Thing[],
  problemOf: (thing: Thing) => Promise<string | undefined>,
): Promise<readonly string[]> {
  return (await Promise.all(things.map(problemOf))).flatMap((problem) => problem ?? []);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function missing(title: string, wanted: readonly string[], there: readonly (string | undefined)[]): readonly string[] {
  return wanted.filter((one) => !there.includes(one)).map((one) => `there is no ${title} ${one}`);
}

/** EC2 shows a gateway that is deleted for a while more. */
function isThere({ State = "" }: { readonly State?: string | undefined }): boolean {
  return !State.startsWith("delet");
}

/** Asks by a filter, which leaves out what does not exist. */
function filtered(name: string, values: readonly string[]) {
  return { Filters: [{ Name: name, Values: [...values] }] };
}
