import type { Scenario } from "../../src/sandbox/scenario.ts";
import type { Account } from "../support/account.ts";
import { inhabited, keptAccount, made } from "./accounts.ts";
import { type Command, apply, create, grow, remove, scale, upgrade, upgradeCluster } from "./commands.ts";
import {
  type FileName,
  drawnFrom,
  editedFile,
  edits,
  exampleFiles,
  files,
  isSelfManaged,
  nodegroupsOf,
  withMoreNodes,
} from "./files.ts";

/** What a user sets out to do with one file, and what is typed when it was disturbed. */
export interface Scene {
  readonly journey: string;
  readonly file: string;
  /** What of the file was changed, where that is what the journey is about. */
  readonly edit?: string;
  /** The account as it is before; not to be changed, and closed by whoever keeps it. */
  from(): Promise<Account>;
  readonly command: Command;
  /** What is run until all is done: the same again, or what the user wants by now. */
  readonly again: Command;
  /** What puts right what others have done meanwhile, where `again` alone does not. */
  readonly restore?: Command;
  /** What others may do to the same cluster at the same time. */
  readonly rivals: readonly Command[];
  /** In the end all of the cluster is deleted. */
  readonly removal: Command;
  /** So many moments of each disturbance are drawn; absent: all are gone through. */
  readonly momentsPerRow?: number;
  /** Goes wrong by itself, once. */
  readonly failure?: Scenario["failures"][number];
}

const noAddresses: Scenario["failures"][number] = {
  resource: "cluster",
  name: "demo",
  code: "InsufficientFreeAddresses",
  message: "Amazon EKS does not have enough free addresses in the subnets",
  times: 1,
};
const noCapacity = (name: string): Scenario["failures"][number] => ({
  resource: "nodegroup",
  name,
  code: "AsgInstanceLaunchFailures",
  message: "Could not launch On-Demand Instances. InsufficientInstanceCapacity",
  times: 1,
});

/** Every scene of the campaign, in the order of the table. */
export function scenes(): readonly Scene[] {
  const named = Object.entries(files) as [FileName, string][];
  // A private cluster differs in how it is made, edited and deleted.
  const withNodes = named.filter(([file, text]) => nodegroupsOf(text).length > 0 && file !== "private");
  const managed = withNodes.filter(([, text]) => !isSelfManaged(text));
  return [
    ...named.map(([file, text]) => sampled(creation(file, text))),
    ...named.flatMap(([file, text]) =>
      Object.entries(edits[file]).map(([edit, wanted]) => application(file, text, edit, wanted)),
    ),
    ...withNodes.map(([file, text]) => change("scale", file, text, scale(text))),
    ...managed.map(([file, text]) => change("upgrade nodegroup", file, text, upgrade(text))),
    ...managed.map(([file, text]) => change("upgrade cluster", file, text, upgradeCluster(text))),
    ...withNodes.map(([file, text]) => growth(file, text)),
    ...named.map(([file, text]) => sampled(deletion(file, text))),
    ...withNodes.flatMap(([file, text]) => secondThoughts(file, text)),
    ...exampleFiles
      .flatMap(([file, text]) => [creation(file, text), deletion(file, text)])
      .map((scene) => ({ ...scene, momentsPerRow: 12 })),
  ];
}

/** Of a whole cluster of some files few moments are drawn: what is theirs alone is in their edits. */
function sampled(scene: Scene): Scene {
  return drawnFrom.has(scene.file) ? { ...scene, momentsPerRow: 12 } : scene;
}

/** Journeys on which something has gone wrong already, or the user has changed his mind. */
function secondThoughts(file: FileName, text: string): readonly Scene[] {
  const takenBack = Object.entries(edits[file]).filter(([edit]) => reversible.has(edit));
  const journeys: readonly Scene[] = [
    { ...creation(file, text), journey: "create, rolled back", failure: noAddresses },
    ...(isSelfManaged(text)
      ? []
      : [
          {
            ...creation(file, text, create(text, "rollback")),
            journey: "create --on-failure rollback",
            failure: noCapacity(nodegroupsOf(text)[0]?.name ?? ""),
          },
        ]),
    repair(file, text),
    { ...creation(file, text), journey: "create, then the file edited", ...editedMeanwhile(text) },
    { ...deletion(file, text), journey: "delete, then create", again: create(text) },
    { ...creation(file, text), journey: "create, then delete", again: remove(text), rivals: [] },
    ...takenBack.map(([edit, wanted]) => ({
      ...application(file, text, edit, wanted),
      journey: "apply, taken back",
      again: apply(text),
    })),
  ];
  return journeys.map((scene) => ({ ...scene, momentsPerRow: drawnFrom.has(file) ? 12 : 60 }));
}

function scene(file: string, text: string, journey: string, command: Command, more: Partial<Scene> = {}): Scene {
  return {
    journey,
    file,
    command,
    again: command,
    from: () => made(text),
    rivals: [],
    removal: remove(text),
    ...more,
  };
}

function creation(file: string, text: string, command = create(text)): Scene {
  return scene(file, text, "create", command, {
    from: inhabited,
    restore: apply(text),
    rivals: [create(text), remove(text)],
  });
}

function deletion(file: string, text: string): Scene {
  return scene(file, text, "delete", remove(text), { rivals: [create(text), remove(text)] });
}

function application(file: string, text: string, edit: string, wanted: string): Scene {
  return scene(file, text, "apply", apply(wanted), {
    edit,
    restore: apply(wanted),
    rivals: [apply(wanted), apply(text, "apply of what was"), remove(text)],
  });
}

/** One of the commands that change a nodegroup and have no file. */
function change(journey: string, file: string, text: string, command: Command): Scene {
  return scene(file, text, journey, command, {
    restore: apply(text),
    rivals: [command, apply(text), remove(text), command.name === "scale" ? upgrade(text) : scale(text)],
  });
}

function growth(file: string, text: string): Scene {
  const more = withMoreNodes(text);
  return scene(file, text, "create nodegroup", grow(more), {
    restore: apply(more),
    rivals: [grow(more), remove(text)],
  });
}

/** A nodegroup has failed, the cluster was kept: `create` makes it anew. */
function repair(file: string, text: string): Scene {
  const [group] = nodegroupsOf(text);
  const trouble = isSelfManaged(text) ? { shortages: [{}] } : { failures: [noCapacity(group?.name ?? "")] };
  const broken = async () => {
    const account = await (await inhabited()).fork();
    account.sandbox.scenario(trouble);
    const { result } = await account.create(text);
    if (result.outcome !== "failed") throw new Error(`a nodegroup was to fail, and the run ended as ${result.outcome}`);
    account.sandbox.scenario({});
    await account.rest();
    return account;
  };
  return { ...creation(file, text), journey: "create, repairing", from: () => keptAccount(`broken ${text}`, broken) };
}

/** Between a kill and the next run somebody gives the nodegroup another name. */
function editedMeanwhile(text: string): Partial<Scene> {
  const renamed = editedFile(text, {}, { name: "renamed" });
  return { again: apply(renamed), restore: apply(renamed), rivals: [] };
}

/** Edits that AWS lets be taken back, and that touch several things in several requests. */
const reversible: ReadonlySet<string> = new Set([
  "labels, size and volume",
  "tags of everything",
  "policies, logs, tags",
  "labels: one added, one changed, one removed",
  "desiredCapacity",
  "log types",
]);

/** As `create/plain`, `apply/golden [desiredCapacity]`. */
export function nameOf({ journey, file, edit }: Scene): string {
  return `${journey}/${file}${edit === undefined ? "" : ` [${edit}]`}`;
}
