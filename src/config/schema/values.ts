import * as z from "zod";
import { anyCidrProblem, canonicalCidr, canonicalIpv6Cidr, cidrProblem, ipv6CidrProblem } from "../cidr.ts";
import type { Flaw } from "../problems.ts";

/** How a value is read beyond its type. Not part of the JSON Schema. */
interface Reading {
  /** Letter case of the value is ignored, as eksctl does for this key. */
  readonly anyCase?: true;
  /** The usual spelling of a text that eksctl takes in several. */
  readonly usual?: (text: string) => string;
  /** Values that eksctl knows and we refuse, each with the reason. */
  readonly refused?: Readonly<Record<string, string>>;
}
export const readings = z.registry<Reading>();

export const text = () => z.string().min(1, "must not be empty");
export const flag = () => z.boolean();
export const wholeNumber = (least: number, most: number) => z.int().min(least).max(most);

/** A list without repetitions. */
export function uniqueList<T extends z.ZodType<string>>(item: T) {
  return z.array(item).check(withoutRepetition).meta({ uniqueItems: true });
}

const withoutRepetition = z.core._check<readonly unknown[]>(
  ({ value: list, issues }) => {
    const seen = new Set<unknown>();
    for (const [index, value] of list.entries()) {
      if (typeof value === "string" && seen.has(value)) {
        issues.push({ code: "custom", path: [index], input: value, message: `${value} is listed twice` });
      }
      seen.add(value);
    }
  },
  // Beside items that are wrong by themselves, too.
  { when: ({ value }) => Array.isArray(value) },
);

export const clusterName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, "must begin with a letter or digit, and hold letters, digits and hyphens only")
    .max(100, "is longer than the 100 characters that EKS allows");

export const nodegroupName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, "must begin with a letter or digit, and hold letters, digits and hyphens only")
    .max(63, "is longer than the 63 characters that EKS allows");

const ipv4Pattern = String.raw`^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$`;

/** An IPv4 block in its canonical form. */
export const ipv4Cidr = () => checkedText(cidrProblem).meta({ pattern: ipv4Pattern });

/** An IPv6 block in the form that AWS shows. */
export const ipv6Cidr = () => checkedText(ipv6CidrProblem).meta({ pattern: String.raw`^[0-9a-f:.]+/\d{1,3}$` });

/** A text in which somebody finds no problem. */
export const checkedText = (problemOf: (text: string) => Flaw | undefined) =>
  z.string().check((context) => {
    const problem = problemOf(context.value);
    if (!problem) return;
    const { message, hint } = problem;
    context.issues.push({
      code: "custom",
      input: context.value,
      message,
      ...(hint === undefined ? {} : { params: { hint } }),
    });
  });

/** A block that may be said by any of its addresses: `10.1.2.3/16` is `10.1.0.0/16`. */
export const anyIpv4Cidr = () =>
  checkedText(anyCidrProblem).meta({ pattern: ipv4Pattern }).register(readings, { usual: canonicalCidr });
export const anyIpv6Cidr = () => ipv6Cidr().register(readings, { usual: canonicalIpv6Cidr });

const ec2Id = (prefix: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-[0-9a-f]{5,17}$`), `must be the id of ${what}, as ${prefix}-0123456789abcdef0`);

export const vpcId = () => ec2Id("vpc", "a VPC");
export const subnetId = () => ec2Id("subnet", "a subnet");
export const securityGroupId = () => ec2Id("sg", "a security group");
export const vpcEndpointId = () => ec2Id("vpce", "a VPC endpoint");

/** A path has slashes around each part: `/team/`. */
const path = `/(?:[!-.0-~]+/)*`;
const region = "[a-z]{2}(?:-[a-z]+)+-\\d";
const account = "\\d{12}";

/** How the parts of an ARN after its partition are written. */
interface ArnParts {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Type and name. */
  readonly resource: string;
  /** Characters of the name. */
  readonly longest?: number;
}

const arn = (parts: ArnParts, wanted: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:[a-z][a-z-]*:${parts.service}:${parts.region}:${parts.account}:${parts.resource}$`), {
      error: ({ input }) => `must be ${wanted}${arnFlaw(String(input), parts)}`,
    });

/** Which part of an ARN is wrong; nothing where the text is none. */
function arnFlaw(text: string, parts: ArnParts): string {
  const [begin, , service = "", region = "", account = "", ...resource] = text.split(":");
  if (begin !== "arn") return "";
  if (/\s/.test(text)) return "; this has a blank in it";
  if (resource.length === 0) return `; this has ${text.split(":").length - 1} colons, not 5`;
  if (service !== parts.service) return `; this is of the service ${service}, not of ${parts.service}`;
  if (!isAll(parts.region, region)) {
    return `; "${region}" stands where ${parts.region === "" ? "nothing" : "the region"} belongs`;
  }
  if (!isAll(parts.account, account)) {
    const wanted = { "": "nothing", aws: "aws" }[parts.account] ?? "an account of 12 digits";
    return `; "${account}" stands where ${wanted} belongs`;
  }
  const name = resource.join(":").split("/");
  if (!new RegExp(`^${parts.resource.split("/")[0]}`).test(resource.join(":")))
    return `; this is of the type ${name[0]}`;
  const { length } = name.at(-1) ?? "";
  return length > (parts.longest ?? length)
    ? `; its name has ${length} characters, and ${parts.longest} are allowed`
    : "";
}

const isAll = (pattern: string, part: string) => new RegExp(`^(?:${pattern})$`).test(part);

/** The name at the end of an ARN. */
const name = (longest: number) => `[\\w+=,.@-]{1,${longest}}`;

const iamArn = (type: string, longest: number, wanted: string, owner = account) =>
  arn({ service: "iam", region: "", account: owner, resource: `${type}${path}${name(longest)}`, longest }, wanted);

export const roleArn = () => iamArn("role", 64, "the ARN of an IAM role: arn:<partition>:iam::<account>:role/<name>");
export const instanceProfileArn = () =>
  iamArn(
    "instance-profile",
    128,
    "the ARN of an instance profile: arn:<partition>:iam::<account>:instance-profile/<name>",
  );
export const policyArn = () =>
  iamArn("policy", 128, "the ARN of an IAM policy: arn:<partition>:iam::<account>:policy/<name>", `(?:aws|${account})`);
/** As many as IAM attaches to a role at most; an account's own quota may be lower. */
export const policyArns = () => uniqueList(policyArn()).max(20, "IAM attaches at most 20 policies to a role");
export const principalArn = () =>
  iamArn("(?:role|user)", 64, "the ARN of an IAM role or user: arn:<partition>:iam::<account>:role/<name>");
export const accessPolicyArn = () =>
  arn(
    { service: "eks", region: "", account: "aws", resource: `cluster-access-policy/${name(128)}` },
    "the ARN of an EKS access policy: arn:<partition>:eks::aws:cluster-access-policy/<name>",
  );
export const kmsKeyArn = () =>
  arn(
    { service: "kms", region, account, resource: "key/[\\w-]+" },
    "the ARN of a KMS key: arn:<partition>:kms:<region>:<account>:key/<id>",
  );

/** As EC2 takes it: an id, an alias, or the ARN of either. */
export const kmsKey = () =>
  z
    .string()
    .regex(
      /^(?:arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:(?:key\/[\w-]+|alias\/[\w/-]+)|alias\/[\w/-]+|mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
      "must be the id, the alias or the ARN of a KMS key, as alias/disks",
    );

export const idcInstanceArn = () =>
  arn(
    { service: "sso", region: "", account: "", resource: "instance/[\\w.-]+" },
    "the ARN of an instance of IAM Identity Center: arn:<partition>:sso:::instance/<id>",
  );

export const arnOfResourceGroup = () =>
  arn(
    { service: "resource-groups", region, account, resource: "group/[\\w.-]+" },
    "the ARN of a resource group: arn:<partition>:resource-groups:<region>:<account>:group/<name>",
  );

export const arnOfTargetGroup = () =>
  arn(
    { service: "elasticloadbalancing", region, account, resource: "targetgroup/[^/]+/[0-9a-f]+" },
    "the ARN of a target group: arn:<partition>:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>",
  );

export const arnOfOutpost = () =>
  arn(
    { service: "outposts", region, account, resource: "outpost/op-[0-9a-f]{8,17}" },
    "the ARN of an Outpost: arn:<partition>:outposts:<region>:<account>:outpost/op-…",
  );

export const roleName = () =>
  z
    .string()
    .regex(/^[\w+=,.@-]+$/, "may hold letters, digits and _+=,.@- only")
    .max(64, "is longer than the 64 characters that IAM allows");

export const instanceProfileName = () =>
  z
    .string()
    .regex(/^[\w+=,.@-]+$/, "may hold letters, digits and _+=,.@- only")
    .max(128, "is longer than the 128 characters that IAM allows");

/** The characters that every service takes in a tag; IAM takes the fewest. */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagCharacters = "may hold letters, digits, blanks and _.:/=+-@ only";

export const tags = () =>
  z.record(
    z
      .string()
      .min(1, "a tag key must not be empty")
      .max(128, "a tag key is at most 128 characters long")
      .regex(tagText, `a tag key ${tagCharacters}`),
    z.string().max(256, "a tag value is at most 256 characters long").regex(tagText, `a tag value ${tagCharacters}`),
  );

/** A Kubernetes label value, and a taint's. */
export const labelValue = () =>
  z
    .string()
    .max(63, "is longer than the 63 characters that Kubernetes allows")
    .regex(
      /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/,
      "must begin and end with a letter or digit, and hold letters, digits and _.- only",
    );

const dnsLabel = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";

/** A Kubernetes label key, and a taint's: a name, or a DNS name, a slash and a name. */
export const labelKey = () =>
  z
    .string()
    .max(317, "is longer than the 253 + 1 + 63 characters that Kubernetes allows")
    .regex(
      new RegExp(
        `^(?:(?=[^/]{1,253}/)${dnsLabel}(?:\\.${dnsLabel})*/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$`,
      ),
      "must be a label key: a name of at most 63 letters, digits and _.-, with an optional DNS prefix and a slash before it",
    );

/** A Kubernetes object name of the strict kind (RFC 1123 label that begins with a letter). */
export const namespaceName = () =>
  z
    .string()
    .max(63, "is longer than the 63 characters that Kubernetes allows")
    .regex(
      /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/,
      "must begin with a letter, and hold lower-case letters, digits and hyphens only",
    );

/** The namespace of a service account (RFC 1123 label). */
export const serviceAccountNamespace = () =>
  z
    .string()
    .max(63, "is longer than the 63 characters that Kubernetes allows")
    .regex(
      new RegExp(`^${dnsLabel}$`),
      "must begin and end with a letter or digit, and hold lower-case letters, digits and hyphens only",
    );

/** The name of a service account (RFC 1123 subdomain). */
export const serviceAccountName = () =>
  z
    .string()
    .max(253, "is longer than the 253 characters that Kubernetes allows")
    .regex(
      new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`),
      "must begin and end with a letter or digit, and hold lower-case letters, digits, hyphens and dots only",
    );
