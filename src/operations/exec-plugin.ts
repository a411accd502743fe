import type { KubeconfigSpec } from "../resources/local/kubeconfig.ts";

export const authenticators = ["ekstool", "aws", "aws-iam-authenticator"] as const;
export type Authenticator = (typeof authenticators)[number];

export interface ExecPluginOptions {
  readonly authenticator: Authenticator;
  /** The program and first arguments that start this tool, from any directory. */
  readonly self: readonly string[];
  /** Further arguments of this tool that lead to the same AWS (`--sandbox=DIR`). */
  readonly selfOptions: readonly string[];
  readonly cluster: string;
  readonly region: string;
  /** Assumed for the token. */
  readonly roleArn?: string;
  readonly profile?: string;
}

type Exec = KubeconfigSpec["exec"];

/** The kubeconfig's exec entry: the program that kubectl runs to get a token. */
export function execPlugin(options: ExecPluginOptions): Exec {
  const { env, ...rest } = plugins[options.authenticator](options);
  const profile = options.profile === undefined ? {} : { AWS_PROFILE: options.profile };
  return { ...rest, env: { AWS_STS_REGIONAL_ENDPOINTS: "regional", ...profile, ...env } };
}

const plugins: Readonly<Record<Authenticator, (options: ExecPluginOptions) => Exec>> = {
  ekstool: ({ self, selfOptions, cluster, region, roleArn }) => {
    const [command = "ekstool", ...first] = self;
    const role = roleArn === undefined ? [] : ["--role-arn", roleArn];
    const args = [...first, "token", "--cluster", cluster, "--region", region, ...role, ...selfOptions];
    return { command, args, env: {} };
  },
  aws: ({ cluster, region, roleArn }) => {
    const role = roleArn === undefined ? [] : ["--role-arn", roleArn];
    const args = ["eks", "get-token", "--output", "json", "--cluster-name", cluster, "--region", region, ...role];
    return { command: "aws", args, env: {} };
  },
  "aws-iam-authenticator": ({ cluster, region, roleArn }) => {
    const role = roleArn === undefined ? [] : ["-r", roleArn];
    return {
      command: "aws-iam-authenticator",
      args: ["token", "-i", cluster, ...role],
      env: { AWS_DEFAULT_REGION: region },
    };
  },
};
