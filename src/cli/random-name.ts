import { randomBytes, randomInt } from "node:crypto";
import { realClock } from "../clock.ts";

const adjectives =
  "amazing attractive beautiful bold bright calm charming clever cool curious extravagant fabulous ferocious fun hilarious joyful lucky merry quick scrumptious shiny steady unique wild wonderful".split(
    " ",
  );
const nouns =
  "badger beacon cascade comet creek dolphin fjord forest gopher harbor island lagoon maple meadow mountain otter painting party pebble prairie river sculpture sparrow unicorn wave".split(
    " ",
  );

/** A cluster's name as eksctl makes it up: two words and the time in seconds. */
export function randomClusterName(): string {
  return `${pick(adjectives)}-${pick(nouns)}-${Math.floor(realClock.now() / 1000)}`;
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? "";
}

/** A nodegroup's name as eksctl makes it up. */
export function randomNodegroupName(): string {
  return `ng-${randomBytes(4).toString("hex")}`;
}

/** A Fargate profile's name as eksctl makes it up. */
export function randomFargateProfileName(): string {
  return `fp-${randomBytes(4).toString("hex")}`;
}
