import { delimiter, dirname } from "node:path";

const directory = new URL("programs/", import.meta.url).pathname;

/** A PATH with the programs that stand in for those of a user, and with what they run on. */
export const pathOfPrograms = [directory, dirname(process.execPath)].join(delimiter);
