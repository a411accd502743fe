import type { AwsError } from "./aws-error.ts";
import type { World } from "./world.ts";

/** Who sends a request, and where to. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** ARN of the caller. */
  readonly principal: string;
  readonly requestId: string;
  readonly world: World;
  /** Why the caller may not do this; absent, or undefined for what it may do. For services that act as their caller. */
  readonly denied?: (service: string, operation: string, input: object) => AwsError | undefined;
}

/**
 * Answers one operation. Synchronous and deterministic: it reads and changes the world, and what it returns is the
 * operation's output in the SDK's shape. Throws AwsError for what AWS would refuse.
 */
export type Handler = (input: never, call: Call) => object | undefined | void;

/**
 * An operation's input, as its handler gets it: the required members are there, since the wire layer has checked them
 * (the SDK types them as possibly undefined).
 */
export type Checked<Input> = {
  [K in keyof Input]: Partial<Pick<Input, K>> extends Pick<Input, K> ? Input[K] : NonNullable<Input[K]>;
};

/** One AWS service of the sandbox. */
export interface Service {
  /** The name in the SigV4 scope: `eks`, `ec2`, `iam`, `logs`, `ssm`, `sts`, `elasticloadbalancing`. */
  readonly name: string;
  /** Of its API, where several services share the name. */
  readonly version?: string;
  readonly handlers: Readonly<Record<string, Handler>>;
  /** Brings everything of this service whose time has come up to date (`world.now()`); called before each request. */
  settle?(world: World): void;
}
