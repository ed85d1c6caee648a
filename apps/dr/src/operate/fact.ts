// What AWS was asked: the answer, or why there is none and what would get one.
import { InputError } from '@dr/contracts';
import { Denied, Unavailable } from './operator';

export interface Known<T> {
  readonly known: T;
}

export interface Unknown {
  /** Why it is not known. */
  readonly unknown: string;
  readonly toDo: string;
}

export type Fact<T> = Known<T> | Unknown;

export const isKnown = <T>(fact: Fact<T>): fact is Known<T> => 'known' in fact;

export const unknown = (why: string, toDo: string): Unknown => ({ unknown: why, toDo });

/** Resolves to the answer, or to why there is none. Rejects only with defects of ours. */
export async function factOf<T>(ask: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: await ask() };
  } catch (error) {
    if (error instanceof Denied) {
      return unknown(`${error.action} is denied`, `Allow ${error.action} to these credentials`);
    }
    if (error instanceof InputError) return unknown(`${error.what} ${error.why}`, error.fix);
    if (error instanceof Unavailable) return unknown(error.message, 'Try again when AWS answers');
    throw error;
  }
}
