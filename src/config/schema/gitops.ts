import * as z from "zod";
import { text } from "./values.ts";

/** What Flux keeps the cluster in line with. */
export const gitops = z
  .strictObject({
    flux: z
      .strictObject({
        gitProvider: z
          .string()
          .regex(/^[a-z][a-z-]*$/, "must be a provider of flux bootstrap, as github or gitlab")
          .describe("Which `flux bootstrap` is run: github, gitlab, bitbucket-server, gitea, git ..."),
        flags: z
          .record(z.string().regex(/^[a-z][a-z0-9-]*$/, "must be the name of a flag, without dashes before it"), text())
          .refine(
            (flags) => Object.keys(flags).length > 0,
            "needs the flags of flux bootstrap, as owner and repository",
          )
          .describe("Its flags, without the dashes before their names. Flux reads tokens from the environment."),
      })
      .describe("Flux v2, bootstrapped with your `flux`."),
  })
  .describe("GitOps. Default: none.");
