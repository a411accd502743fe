import type { Credentials } from "./credentials.ts";

const mask = "***";

/** Shorter ones (a sandbox's) are words that stand elsewhere, too. */
const shortest = 12;
const known = new Set<string>();

/** From now on `withoutSecrets` knows these wherever they stand. */
export function keepSecret({ secretAccessKey, sessionToken = "" }: Credentials): void {
  for (const secret of [secretAccessKey, sessionToken]) {
    if (secret.length >= shortest) known.add(secret).add(encodeURIComponent(secret));
  }
}

/** What holds a secret, by its name, as headers, query strings, JSON and INI files have it. */
const named =
  /((?:x-amz-)?security-?token|x-amz-signature|authorization|x-amz-sso_bearer_token|(?:aws_?)?secret_?access_?key|(?:aws_?)?session_?token|access_?token|refresh_?token|client_?secret|password)(["']?\s*[=:]\s*["']?)(?:(?:AWS4-HMAC-SHA256|Basic|Bearer)\s+)?[^\s"',&<>]{8,}/giu;
const shaped: readonly RegExp[] = [
  /\bSignature=[^\s"',&]{8,}/gu,
  // Tokens for the Kubernetes API of EKS; JSON Web Tokens; keys in PEM.
  /k8s-aws-v1\.[\w-]+/gu,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/gu,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu,
  // The user and password of a proxy or another URL.
  /(?<=:\/\/)[^\s/@"']+:[^\s/@"']+(?=@)/gu,
];

/**
 * A text of AWS, or of a program on the way to it, without secrets. AWS quotes whole requests where a signature is wrong, and
 * programs their own output where they fail.
 */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, mask);
  clean = clean.replaceAll(named, (_, name: string, between: string) => `${name}${between}${mask}`);
  for (const shape of shaped) clean = clean.replaceAll(shape, mask);
  return clean;
}

/** Takes secrets out of an error that passes by, its causes and its stack. */
export function clearSecrets(error: unknown): void {
  for (let each = error; each instanceof Error; each = each.cause) {
    const message = withoutSecrets(each.message);
    if (message === each.message) continue;
    const { stack } = each;
    each.message = message;
    if (stack !== undefined) each.stack = withoutSecrets(stack);
  }
}
