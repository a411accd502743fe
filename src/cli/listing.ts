import type { Command } from "commander";
import { type ExitCode, FailedError, exitCode } from "../errors.ts";
import type { Session } from "../operations/session.ts";
import type { Call } from "./call.ts";
import { withSession } from "./connect.ts";
import { printResult } from "./output.ts";
import { notesOn } from "./report/notes.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "./options/file.ts";
import { nameOf, required } from "./options/name.ts";

export interface ListingFlags extends FileFlags {
  readonly cluster?: string;
  readonly name?: string;
}

/** @param noun what one of the things is called: "add-on". */
export function addListingOptions(command: Command, noun: string): void {
  const about = `one ${noun} (default: all)`;
  command.argument("[name]", about);
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name").option("-n, --name <name>", about);
}

/** What a cluster has of something, for people as a table. */
export interface Listing<Thing> {
  readonly title: string;
  list(session: Session, cluster: string): Promise<readonly Thing[]>;
  table(things: readonly Thing[]): readonly string[];
}

/**
 * Prints all things of a cluster, or the one that is named.
 *
 * @param where further options choose by it.
 *
 * @throws FailedError when there is no such cluster or no such thing.
 */
export async function printListing<Thing extends { readonly name: string }>(
  call: Call<ListingFlags>,
  { title, list, table }: Listing<Thing>,
  where: (thing: Thing) => boolean = () => true,
): Promise<ExitCode> {
  const { configFile, cluster, name } = call.flags;
  if (configFile !== undefined) refuseBesideFile(call, []);
  const file = configFile === undefined ? undefined : (await loadConfigFile(call, configFile)).metadata;
  const clusterName = required(file?.name ?? cluster, "--cluster");
  const one = nameOf(call, "--name", name);
  return withSession(call, file === undefined ? {} : { region: file.region }, async ({ session, listen }) => {
    listen(notesOn(call.terminal));
    const all = (await list(session, clusterName)).filter(where);
    const shown = one === undefined ? all : all.filter((thing) => thing.name === one);
    if (one !== undefined && shown.length === 0) {
      throw noSuch(
        clusterName,
        `${title} ${one}`,
        all.map((thing) => thing.name),
      );
    }
    await printResult(call, { document: shown, table: () => table(shown) });
    return exitCode.done;
  });
}

/** The error about a thing that a cluster does not have. @param names those that it has. */
export function noSuch(cluster: string, thing: string, names: readonly string[]): FailedError {
  return new FailedError(`the cluster ${cluster} has no ${thing}`, {
    hint: names.length === 0 ? "it has none at all" : `it has ${names.join(", ")}`,
  });
}
