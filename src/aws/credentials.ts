import { EkstoolError, InterruptedError, SignedOutError } from "../errors.ts";
import { type PausableClock, realClock } from "../clock.ts";
import { describeAwsError } from "./errors.ts";
import { clearSecrets, keepSecret } from "./secrets.ts";

/** What requests are signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** From then on AWS refuses them; absent: they do not expire, or nobody says when. */
  readonly expiration?: Date;
}

/** How expired credentials are renewed from outside of this process. */
export interface Renewal {
  /** What AWS, or the way to the credentials, said. */
  readonly message: string;
  /** What somebody has to do, as words or as a command to type. */
  readonly todo: string;
  /** Looks for new credentials, and takes them: undefined when they are taken, else why not. */
  look(): Promise<string | undefined>;
}

/** Somebody who can be asked. */
export interface Person {
  /** The code that an MFA device shows (its serial number or ARN). */
  mfaCode(device: string): Promise<string>;
  /**
   * Waits until the credentials are renewed.
   *
   * @throws InterruptedError when that is not wanted.
   */
  renew(renewal: Renewal): Promise<void>;
}

export interface KeeperOptions {
  /** Goes through the provider chain anew, past every cache. */
  readonly resolve: () => Promise<Credentials>;
  /** What to do to have other credentials there; undefined: nothing that a running process would notice. */
  readonly todo: (credentials: Credentials) => string | undefined;
  /** Whether new credentials may take the place of the old ones; the reason where they may not. */
  readonly check?: (fresh: Credentials) => Promise<string | undefined>;
  /** Is stopped while requests wait for new credentials. */
  readonly clock: PausableClock;
  readonly person?: Person;
}

/**
 * The credentials of all clients of a process: resolved once for all, and again when they have expired. While that takes its
 * time no request is sent, and the run's clock stands still.
 */
export interface CredentialKeeper {
  /** For the SDK's clients, which must not remember them on their own. */
  readonly provide: (() => Promise<Credentials>) & { readonly memoized: true };
  /** When the credentials in use expire; undefined: never, or nobody says. */
  expiration(): Promise<Date | undefined>;
  /** Resolves when a request may be sent, to the number of the credentials that it will be signed with. */
  turn(): Promise<number>;
  /** Told of every request that AWS has carried out. */
  accepted(): void;
  /**
   * After a request with the credentials of this number was refused as expired: resolves when there are others.
   *
   * @throws SignedOutError when nobody renews them; the error itself where no credentials of this process ever worked.
   */
  renew(number: number, error: unknown): Promise<void>;
  /** Aborted, with an InterruptedError, when there will be no other credentials. */
  readonly ended: AbortSignal;
}

export function keepCredentials({ resolve, todo, check, clock, person }: KeeperOptions): CredentialKeeper {
  let current: Credentials | undefined;
  let first: Promise<Credentials> | undefined;
  let number = 1;
  let haveWorked = false;
  let renewal: Promise<void> | undefined;
  const end = new AbortController();

  const find = async (): Promise<Credentials> => {
    try {
      const found = await resolve();
      keepSecret(found);
      return found;
    } catch (error) {
      clearSecrets(error);
      throw error;
    }
  };

  const provide = async (): Promise<Credentials> => {
    if (current === undefined) {
      // One that fails is tried again by the next request.
      first ??= find().finally(() => (first = undefined));
      current ??= await first;
    }
    if (haveWorked && isOver(current)) await renew(number, new Error("the credentials have expired"));
    return current;
  };

  async function renew(refused: number, error: unknown): Promise<void> {
    if (refused !== number) return;
    if (!haveWorked) throw error;
    renewal ??= clock.pause(() => replace(error)).finally(() => (renewal = undefined));
    await renewal;
  }

  async function replace(error: unknown): Promise<void> {
    try {
      const found = await look();
      if (found === undefined) return;
      const wanted = current && todo(current);
      if (person === undefined || wanted === undefined) throw signedOut(error, found, wanted);
      await person.renew({ message: describeAwsError(error).message, todo: wanted, look });
    } catch (reason) {
      end.abort(reason);
      throw reason;
    }
  }

  async function look(): Promise<string | undefined> {
    try {
      const fresh = await find();
      if (isSame(fresh, current) || isOver(fresh)) return "the old ones are still there";
      const objection = await check?.(fresh);
      if (objection !== undefined) return objection;
      current = fresh;
      number++;
      return undefined;
    } catch (error) {
      if (error instanceof InterruptedError) throw error;
      return describeAwsError(error).message;
    }
  }

  return {
    provide: Object.assign(provide, { memoized: true as const }),
    expiration: async () => (await provide()).expiration,
    async turn() {
      // Whoever started it hears how it ends.
      await renewal?.catch(() => undefined);
      end.signal.throwIfAborted();
      return number;
    },
    accepted: () => {
      haveWorked = true;
    },
    renew,
    ended: end.signal,
  };
}

/** Signatures and expiry are real time, also where everything else runs on a virtual clock. */
function isOver({ expiration }: Credentials): boolean {
  return expiration !== undefined && expiration.getTime() <= realClock.now();
}

function isSame(one: Credentials, other: Credentials | undefined): boolean {
  return one.accessKeyId === other?.accessKeyId && one.sessionToken === other.sessionToken;
}

function signedOut(error: unknown, found: string, todo: string | undefined): SignedOutError {
  const message = error instanceof EkstoolError ? error.message : describeAwsError(error).message;
  const renewing = todo ?? "get new credentials, the way you got these";
  return new SignedOutError(`the credentials have expired: ${message}\nlooking for new ones: ${found}`, {
    hint: `${renewing}; then run the same command again to continue`,
    cause: error,
  });
}
