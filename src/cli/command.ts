import type { CommandModule } from "./call.ts";

/** A command that does something. Its file is only loaded when it is called, so that the tool starts fast. */
export interface Leaf {
  readonly summary: string;
  readonly aliases?: readonly string[];
  load(): Promise<CommandModule>;
}

/** A verb with nouns. */
export interface Branch {
  readonly summary: string;
  readonly nouns: Readonly<Record<string, Leaf>>;
}

/** What else a noun is called. */
export const aliases = {
  cluster: ["clusters"],
  nodegroup: ["ng", "nodegroups"],
  addon: ["addons"],
  capability: ["capabilities"],
  fargateprofile: ["fargateprofiles"],
  accessentry: ["accessentries"],
  podidentityassociation: ["podidentityassociations"],
  iamserviceaccount: ["iamserviceaccounts"],
  iamidentitymapping: ["iamidentitymappings"],
  identityprovider: ["identityproviders"],
} as const;
