import { drawAccountsFrom } from "./accounts.ts";
import { disturbances, type Disturbance } from "./disturbances.ts";
import { type Draw, drawFrom, drawn } from "./draw.ts";
import { type Moment, type Trial, rehearse } from "./judge.ts";
import { type Scene, nameOf, scenes } from "./scenes.ts";

/** Which cases of the campaign are wanted. */
export interface Choice {
  readonly seed: number;
  /** One of so many parts, 1-based. */
  readonly shard: readonly [part: number, of: number];
  /** A part of the journey's name, and so on. */
  readonly journey?: string;
  readonly file?: string;
  readonly disturbance?: string;
  /** So many of each row, drawn; absent: all. */
  readonly cases?: number;
  /** The name of one case, or how it begins. */
  readonly only?: string;
}

export interface Case {
  /** As `create/plain/lost/eks:CreateCluster#1`. */
  readonly name: string;
  readonly scene: Scene;
  readonly disturbance: string;
  readonly trial: Trial;
  readonly moment: Moment;
}

/** The chosen cases, scene by scene; a scene is rehearsed when its first case is asked for. */
export async function* casesOf(choice: Choice): AsyncGenerator<Case> {
  const draw = drawFrom(choice.seed);
  drawAccountsFrom(choice.seed);
  for (const scene of scenes()) {
    const chosen = disturbances.filter((disturbance) => isChosen(scene, disturbance, choice));
    if (chosen.length === 0) continue;
    const trial = await trialOf(scene, choice);
    for (const disturbance of chosen) yield* draws(await rowOf(trial, disturbance, draw), choice, draw);
  }
}

const trials = new Map<string, Promise<Trial>>();

function trialOf(scene: Scene, { seed }: Choice): Promise<Trial> {
  const name = `${seed} ${nameOf(scene)}`;
  const trial = trials.get(name) ?? rehearse(scene);
  trials.set(name, trial);
  return trial;
}

function isChosen(scene: Scene, { name }: Disturbance, choice: Choice): boolean {
  const has = (value: string, part: string | undefined) => part === undefined || value === part;
  const row = `${nameOf(scene)}/${name}/`;
  return (
    has(scene.journey, choice.journey) &&
    has(scene.file, choice.file) &&
    has(name, choice.disturbance) &&
    (choice.only === undefined || choice.only.startsWith(row) || row.startsWith(choice.only))
  );
}

async function rowOf(trial: Trial, disturbance: Disturbance, draw: Draw): Promise<readonly Case[]> {
  const moments = await disturbance.moments(trial, draw);
  return moments.map((moment) => ({
    name: `${nameOf(trial.scene)}/${disturbance.name}/${moment.at}`,
    scene: trial.scene,
    disturbance: disturbance.name,
    trial,
    moment,
  }));
}

function draws(row: readonly Case[], { cases, only, shard: [part, of] }: Choice, draw: Draw): readonly Case[] {
  const wanted = row.filter(({ name }) => name.startsWith(only ?? ""));
  // One that is named is taken, whatever is drawn.
  const limit = wanted.length === row.length ? row[0]?.scene.momentsPerRow : undefined;
  const all = drawn(wanted, draw, ({ name }) => name).slice(0, limit);
  return all.slice(0, cases).filter((_, index) => index % of === part - 1);
}
