import type { KubeconfigSpec } from "../resources/local/kubeconfig.ts";

export { apiIdPlaceholder } from "../resources/local/kubeconfig.ts";

export const authenticators = ["ekstool", "aws", "aws-iam-authenticator"] as const;
export type Authenticator = (typeof authenticators)[number];

export interface ExecPluginOptions {
  readonly authenticator: Authenticator;
  /** The program and first arguments that start this tool, from any directory. */
  readonly self: readonly string[];
  /** Further arguments of this tool that lead to the same AWS (`--sandbox=DIR`). */
  readonly selfOptions: readonly string[];
  /** Its name; or what its API knows itself by, of a local cluster. */
  readonly cluster: string;
  readonly isLocalCluster: boolean;
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
  ekstool: ({ self, selfOptions, cluster, isLocalCluster, region, roleArn }) => {
    const [command = "ekstool", ...first] = self;
    const role = roleArn === undefined ? [] : ["--role-arn", roleArn];
    const named = isLocalCluster ? "--cluster-id" : "--cluster";
    const args = [...first, "token", named, cluster, "--region", region, ...role, ...selfOptions];
    return { command, args, env: {} };
  },
  aws: ({ cluster, isLocalCluster, region, roleArn }) => {
    const role = roleArn === undefined ? [] : ["--role-arn", roleArn];
    const named = isLocalCluster ? "--cluster-id" : "--cluster-name";
    const args = ["eks", "get-token", "--output", "json", named, cluster, "--region", region, ...role];
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
