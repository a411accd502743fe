export interface MimePart {
  readonly type: string;
  readonly text: string;
}

const boundary = "//";

/** A document of several parts, which cloud-init and nodeadm read each for itself (RFC 2046). */
export function mime(parts: readonly MimePart[]): string {
  const body = parts.map(({ type, text }) => `--${boundary}\nContent-Type: ${type}\n\n${text.trimEnd()}\n\n`);
  return [
    "MIME-Version: 1.0\n",
    `Content-Type: multipart/mixed; boundary="${boundary}"\n\n`,
    ...body,
    `--${boundary}--\n`,
  ].join("");
}

/** A script of the shell; one that names no interpreter gets bash. */
export function script(text: string): MimePart {
  const own = text.startsWith("#!");
  return { type: 'text/x-shellscript; charset="us-ascii"', text: own ? text : `#!/bin/bash\n${text}` };
}
