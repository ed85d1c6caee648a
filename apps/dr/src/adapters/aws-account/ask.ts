// One read of an AWS account: the permission that it takes, and what its failure means to an operator.
import { InputError } from '@dr/contracts';
import { Unavailable } from '../../operate/operator';
import { explained } from '../aws-errors';
import type { Calling } from '../sdk';

/** Rejects with InputError or Unavailable, and with nothing else: whatever AWS says is an answer about the account. */
export const ask: Calling = async (call, send) => {
  try {
    return await send();
  } catch (thrown) {
    const error = explained(thrown, call);
    if (error instanceof InputError) throw error;
    if (error instanceof Unavailable && !isUnreadable(thrown)) throw error;
    const said = describe(thrown as Error);
    throw new Unavailable(`${call.action} in ${call.awsRegion} was answered with ${said}`, { cause: thrown });
  }
};

/** The SDK calls what it cannot read a syntax error, and adds advice for programmers. */
const isUnreadable = (thrown: unknown): boolean => (thrown as Error).message.includes('Deserialization error');

const describe = (thrown: Error): string =>
  isUnreadable(thrown)
    ? 'something that is no answer of AWS'
    : `${thrown.name}: ${thrown.message}`.replace(/\s+/g, ' ').replace(/[.\s]+$/, '');

/** Pages are read up to here: an account that has more of anything is none that this tool was made for. */
const MAX_PAGES = 50;

/** Reads pages until one names no next. */
export async function pages<T>(
  read: (from: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let from: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, next } = await read(from);
    all.push(...items);
    if (next === undefined || next === '') return all;
    from = next;
  }
  throw new Unavailable(`there are more than ${MAX_PAGES} pages of it`);
}

/** The same, one after the other. */
export function inTurn(calling: Calling): Calling {
  let last: Promise<unknown> = Promise.resolve();
  return (call, work) => {
    const mine = last.then(
      () => calling(call, work),
      () => calling(call, work),
    );
    last = mine;
    return mine;
  };
}
