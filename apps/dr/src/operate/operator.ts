// What operating an applied system needs of the world: its tables and its secret, time and chance; and how it fails.
import { InputError } from '@dr/contracts';
import type { OrderRecord } from '@dr/contracts/system';

/** Any control record. */
export type ControlItem = Readonly<Record<string, unknown>> & { readonly timestamp: string };

/** One region's replica. Rejects with InputError for what the operator must mend, and with {@link Unavailable} when nobody answers. */
export interface ControlTable {
  /** Records with sort keys from `from` to below `before`, strongly consistent within the region. */
  read(from: string, before: string): Promise<readonly ControlItem[]>;
  /** Puts the order in place of number `replaces` (null: of none; `bad`: of an unreadable one). `refused`: that one is no longer there. */
  putOrder(order: OrderRecord, replaces: number | null | 'bad'): Promise<'written' | 'refused'>;
  /** Puts any other record. `refused`: its place is taken. */
  put(item: ControlItem, place: Place): Promise<'written' | 'refused'>;
}

/** Where a record may be put: anywhere; where none has that value (`unless`); or where none is (`absent`), or in the place of one whose attribute has that value. */
export type Place =
  | 'anywhere'
  | { readonly unless: readonly [attribute: string, value: number] }
  | { readonly absent: boolean; readonly holding?: readonly [attribute: string, value: string | number | boolean] };

export interface SecretVersion {
  readonly text: string;
  readonly versionId: string;
}

/** A secret as one region has it. Rejects as {@link ControlTable} does. */
export interface StoredSecret {
  /** undefined: there is no value yet, or no such secret. */
  read(): Promise<SecretVersion | undefined>;
  /**
   * Puts a value in the place of version `replaces` (undefined: of none). Resolves to the id of the new version; to undefined when
   * another version has taken that place meanwhile, and then nobody reads this one. Only the secret's first region takes it.
   */
  write(text: string, replaces: string | undefined): Promise<string | undefined>;
}

/** A function of one region, behind its alias `live`. */
export interface LiveFunction {
  /** Its answer, however long it runs. Rejects as {@link ControlTable} does, and with {@link Refused} when the function itself fails. */
  invoke(payload: unknown): Promise<unknown>;
}

export interface Operator {
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** `bytes` unpredictable bytes, in the alphabet of URLs. */
  randomText(bytes: number): string;
  table(awsRegion: string, name: string): ControlTable;
  secret(awsRegion: string, name: string): StoredSecret;
  /** `name`: as Lambda knows it. */
  liveFunction(awsRegion: string, name: string): LiveFunction;
}

/** The credentials are good, but may not do `action` (as IAM calls it). */
export class Denied extends InputError {
  constructor(
    readonly action: string,
    what: string,
    said: string,
    options?: { cause?: unknown },
  ) {
    super(what, `is denied to these credentials (${said})`, `Use a role that may do ${action} on it`, options);
  }
}

/** There is more than anybody wants to read. */
export class TooMany extends InputError {}

/** Nobody answered, or not in time. Another region may. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The input was good and the answer is no: one paragraph, exit code 1. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Rejects with Refused where nobody has answered: `so` ends the sentence with what that leaves open. */
export async function orRefused<T>(asked: Promise<T>, so: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    throw new Refused(`${error.message}${so}`, { cause: error });
  }
}
