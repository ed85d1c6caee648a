// One read of an AWS account: the permission that it takes, and what its failure means to an operator.
import { InputError } from '@dr/contracts';
import { Unavailable } from '../../operator';
import { explained, type AwsCall } from '../aws-errors';

/** Rejects with InputError or Unavailable, and with nothing else: whatever AWS says to `send` is an answer about the account. */
export async function ask<T>(call: AwsCall, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (thrown) {
    const error = explained(thrown, call);
    if (error instanceof InputError) throw error;
    if (error instanceof Unavailable && !isUnreadable(thrown)) throw error;
    const said = describe(thrown as Error);
    throw new Unavailable(`${call.action} in ${call.awsRegion} was answered with ${said}`, { cause: thrown });
  }
}

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

/** Runs one piece of work after the other. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}
