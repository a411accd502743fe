import { examples } from "../support/account.ts";
import { testLives } from "./example-life.ts";

// Beside examples.test.ts, so that two workers share them.
testLives(examples.filter((_, index) => index % 2 === 1));
