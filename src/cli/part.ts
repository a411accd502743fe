import type { Command } from "commander";
import type { ClusterConfig } from "../config/types.ts";
import { type ExitCode, RefusedError } from "../errors.ts";
import type { MadePart } from "../operations/part-proposals.ts";
import type { OnFailure } from "../operations/proposal.ts";
import type { Session } from "../operations/session.ts";
import { addApproval, approved } from "./approval.ts";
import type { Call } from "./call.ts";
import { carryOut } from "./change.ts";
import { chosenRegion, withSession } from "./connect.ts";
import { type Listing, noSuch } from "./listing.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile, refuseWithoutFile } from "./options/file.ts";
import { required } from "./options/name.ts";
import { addOnFailureOption } from "./options/on-failure.ts";
import { addSwitch, list } from "./options/parse.ts";
import { type FileSelectionFlags, type SelectionFlags, selectionOf } from "./options/selection.ts";
import { addUnsupported, refuseUnsupported, stackOptions } from "./options/unsupported.ts";
import { defined } from "./options/section.ts";
import { renderRemaining } from "./render/remaining.ts";
import { renderTimes } from "./render/summary.ts";

/** The parts of a cluster that have commands of their own. */
type PartName = keyof typeof import("../operations/parts.ts");

export interface PartFlags extends FileFlags, FileSelectionFlags {
  readonly cluster?: string;
  readonly approve?: boolean;
  readonly onFailure?: OnFailure;
}

/** Options of a command about some things of a cluster, which a file lists or other options describe. */
export function addPartOptions(command: Command, titles: string, verb: "create" | "update" | "delete"): void {
  addFileOption(command);
  command
    .option("-c, --cluster <name>", "cluster name")
    .option("--include <globs>", `only these ${titles} of the file, as 'a*'`, list)
    .option("--exclude <globs>", `all but these ${titles} of the file`, list);
  if (verb === "delete") addSwitch(command, "--only-missing", "those in the cluster that the file does not list");
  addApproval(command);
  command.option("-w, --wait", "as always: wait until it is done");
  if (verb !== "delete") addOnFailureOption(command);
  addUnsupported(command, stackOptions);
}

const besideFile = ["--include", "--exclude", "--approve", "--wait", "--on-failure"];
const onlyWithFile = ["--include", "--exclude", "--only-missing"];

/** Sections of a ClusterConfig, as options describe them: undefined is left out. */
export type Sections = Readonly<Record<string, unknown>>;

export interface PartCommand<Thing> {
  readonly part: PartName;
  readonly verb: "create" | "update";
  readonly listing: Listing<Thing>;
  /** The only aspects that are changed. Absent: all. */
  readonly only?: readonly string[];
  /** What of a file it is about. @throws InputError where that is nothing. */
  readonly narrow?: (file: ClusterConfig) => ClusterConfig;
  /**
   * What the options describe; of an update with what the thing says of all else.
   *
   * @throws InputError where they say too little.
   */
  sections(session: Session): Sections | Promise<Sections>;
}

/** Of an update by options: they speak of neither. */
const left = ["tags", "trust"];

/** Creates or updates what a file lists, or what the options describe. */
export async function changePart<Thing extends { readonly name: string }>(
  call: Call<PartFlags>,
  { part, verb, listing, only, narrow = (whole) => whole, sections }: PartCommand<Thing>,
): Promise<ExitCode> {
  refuseUnsupported(call, stackOptions);
  const { flags } = call;
  const file = flags.configFile === undefined ? undefined : narrow(await fileOf(call, flags.configFile));
  if (file === undefined) refuseWithoutFile(call, onlyWithFile);
  return withSession(call, file === undefined ? {} : { config: file }, async (connected) => {
    const { session } = connected;
    const config = file ?? (await configOf(call, await sections(session)));
    if (file === undefined) await connected.hold(config);
    const { proposePart } = await import("../operations/part-proposals.ts");
    const parts = await import("../operations/parts.ts");
    const change = {
      part: parts[part],
      verb,
      selected: await selectedBy(flags),
      leaves: file === undefined && verb === "update" ? left : [],
      ...(only && { only }),
      async output({ names }: MadePart) {
        const all = await listing.list(session, config.metadata.name);
        return all.filter(({ name }) => names.includes(name));
      },
    };
    return carryOut(approved(call), connected, () => proposePart(session, config, change), {
      // Options name the one thing and what is to change.
      ask: verb === "create" || file === undefined ? "never" : "risks",
      onFailure: flags.onFailure ?? "auto",
      result: (things) => ({ document: things, table: () => listing.table(things) }),
      summary: (_things, result) => [...renderTimes(result, call), ...renderRemaining(result, call)],
    });
  });
}

async function fileOf(call: Call<PartFlags>, path: string): Promise<ClusterConfig> {
  refuseBesideFile(call, besideFile);
  return loadConfigFile(call, path);
}

/** The config of the cluster that options name, with these sections alone. */
export async function configOf(call: Call<{ readonly cluster?: string }>, sections: Sections): Promise<ClusterConfig> {
  const { validateClusterConfig } = await import("../config/load.ts");
  const metadata = { name: required(call.flags.cluster, "--cluster"), region: await chosenRegion(call) };
  return validateClusterConfig(
    { apiVersion: "eksctl.io/v1alpha5", kind: "ClusterConfig", metadata, ...defined(sections) },
    "flags",
  );
}

/** The thing of this name in the cluster that options name. @throws FailedError where there is none. */
export async function there<Thing extends { readonly name: string }>(
  { flags }: Call<PartFlags>,
  session: Session,
  { title, list }: Listing<Thing>,
  name: string,
): Promise<Thing> {
  const cluster = required(flags.cluster, "--cluster");
  const all = await list(session, cluster);
  const found = all.find((one) => one.name === name);
  if (found) return found;
  throw noSuch(
    cluster,
    `${title} ${name}`,
    all.map((one) => one.name),
  );
}

async function selectedBy(flags: SelectionFlags): Promise<(name: string) => boolean> {
  const { selects } = await import("../operations/select.ts");
  return selects(selectionOf(flags));
}

interface PartDeletion {
  readonly part: PartName;
  /** Of the one that options name; asked for only without a file. */
  name(): string;
  /** What an add-on runs stays in the cluster. */
  readonly preserve?: boolean;
  /** Further options that may stand beside a file. */
  readonly besideFile?: readonly string[];
}

/** Deletes things of a cluster: those that a file lists, or the one that options name. */
export async function deletePart(
  call: Call<PartFlags>,
  { part, name, preserve = false, besideFile: more = [] }: PartDeletion,
): Promise<ExitCode> {
  refuseUnsupported(call, stackOptions);
  const { flags } = call;
  const kind = (await import("../operations/parts.ts"))[part];
  const { cluster, region, choose } = await targetOf();
  return withSession(call, { preserve, ...(region === undefined ? {} : { region }) }, async (connected) => {
    const { proposeRemoval } = await import("../operations/part-proposals.ts");
    return carryOut(approved(call), connected, () => proposeRemoval(connected.session, cluster, kind, choose), {
      ask: "always",
      onFailure: "keep",
      result: (output) => ({
        document: output,
        table: () => output.deleted.map((one) => `deleted ${kind.title} ${one}`),
      }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });

  async function targetOf() {
    if (flags.configFile === undefined) {
      refuseWithoutFile(call, onlyWithFile);
      const wanted = name();
      const cluster = required(flags.cluster, "--cluster");
      const choose = (ours: readonly string[], others: readonly string[]) => [chosen(wanted, cluster, ours, others)];
      return { cluster, region: undefined, choose };
    }
    refuseBesideFile(call, ["--only-missing", ...besideFile, ...more]);
    const config = await loadConfigFile(call, flags.configFile);
    const listed = new Set(kind.listed(config));
    const selected = await selectedBy(flags);
    const isMeant = (one: string) => listed.has(one) !== (flags.onlyMissing === true) && selected(one);
    const { name: cluster, region } = config.metadata;
    return { cluster, region, choose: (ours: readonly string[]) => ours.filter(isMeant) };
  }

  function chosen(wanted: string, cluster: string, ours: readonly string[], others: readonly string[]): string {
    if (ours.includes(wanted)) return wanted;
    if (others.includes(wanted)) {
      throw new RefusedError(
        `the ${kind.title} ${wanted} of cluster ${cluster} was not made by ekstool, which deletes only its own`,
        { hint: "delete it with what made it" },
      );
    }
    throw noSuch(cluster, `${kind.title} ${wanted} that ekstool made`, ours);
  }
}
