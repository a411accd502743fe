import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { RefusedError } from "../errors.ts";
import type { Agents, Environment } from "./connections.ts";
import type { Credentials, Person } from "./credentials.ts";

export interface ChainOptions {
  readonly region: string;
  /** A profile of the shared configuration files; absent: AWS_PROFILE, or what the environment holds. */
  readonly profile?: string;
  /** How STS, SSO and sign-in are reached. */
  readonly requestHandler: Agents;
  readonly person?: Person;
}

/** The chain has remarks on its sources for a console; stderr is ours. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Goes through the SDK's default chain: environment, profile (static, assumed role with MFA, process), SSO, sign-in, web identity,
 * container, instance. Nothing is remembered from an earlier time.
 */
export async function resolveChain({ region, profile, requestHandler, person }: ChainOptions): Promise<Credentials> {
  const provide = defaultProvider({
    ...(profile === undefined ? {} : { profile }),
    ignoreCache: true,
    logger: silent,
    clientConfig: { requestHandler },
    parentClientConfig: { region, requestHandler },
    mfaCodeProvider: async (device) => {
      if (person !== undefined) return person.mfaCode(device);
      throw new RefusedError(
        `the profile asks for a code of the MFA device ${device}: there is no terminal to ask on`,
        {
          hint: "run the command on a terminal, or give it credentials that need no code: aws sts get-session-token",
        },
      );
    },
  });
  return provide();
}

/** What the SDK says of where credentials come from, in its own words. */
type Source = Readonly<Record<string, unknown>>;

/** How to have others where these came from; undefined: a running process would not notice. */
export function renewalOf(credentials: Credentials, profile: string | undefined, env: Environment): string | undefined {
  const { $source = {} } = credentials as { readonly $source?: Source };
  const sources = Object.keys($source).join(" ");
  const name = profile ?? (env["AWS_PROFILE"] || "default");
  if (/SSO/u.test(sources)) return `type: aws sso login --profile ${name}`;
  if (/LOGIN/u.test(sources)) return `type: aws login --profile ${name}`;
  if (/PROFILE|PROCESS/u.test(sources)) return `renew the credentials of the profile ${name}`;
  if (/HTTP|IMDS|WEB_ID/u.test(sources)) return "wait for the machine's own credentials";
  return undefined;
}
