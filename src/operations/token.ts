import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { execApiVersion, execCredential, token } from "../aws/eks-token.ts";
import { allowWhen, everyRole } from "../aws/permissions.ts";
import type { Action } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";
import type { Session } from "./session.ts";

export interface TokenOptions {
  /** The environment's KUBERNETES_EXEC_INFO, where kubectl says which form it wants. */
  readonly execInfo: string | undefined;
  /** Assumed first (STS AssumeRole). */
  readonly roleArn: string | undefined;
}

/** The permissions to make a token: none, without a role. */
export const gettingTokens: readonly Action[] = allowWhen("`token --role-arn` is used", "sts:AssumeRole", everyRole);

/** What an exec plugin prints for kubectl: a token for any cluster. Without a role nothing is asked of AWS. */
export async function clusterToken(session: Session, cluster: string, options: TokenOptions): Promise<object> {
  const { sts } = options.roleArn === undefined ? session.clients : await assume(session, options.roleArn);
  return execCredential(await token({ sts, cluster }), execApiVersion(options.execInfo));
}

async function assume(session: Session, roleArn: string) {
  const request = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "ekstool-token" });
  const { Credentials: credentials } = await session.clients.sts.send(request);
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new FailedError(`STS gave no credentials for the role ${roleArn}`);
  }
  return session.clientsOf({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
}
