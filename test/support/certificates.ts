import { readFileSync } from "node:fs";

/** The path of a file beside this one. */
export const certificatePath = (name: string) => new URL(`certificates/${name}`, import.meta.url).pathname;

/** PEM. */
export const certificate = (name: "authority.pem" | "another-authority.pem" | "server.pem" | "server-key.pem") =>
  readFileSync(certificatePath(name), "utf8");
