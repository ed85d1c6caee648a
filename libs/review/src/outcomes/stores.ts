// What a loss does to data that one region writes: clients are moved, and their writes wait for a person.
import { readGlobalDatabases } from '@dr/stack';
import { knownOrAbsent } from '@dr/terraform-json';
import type { Stack } from '../rules/rule';
import type { Cause } from './cause';
import type { Loss, Outcome } from './outcome';

/** The outcome of a loss for clients of a stack with such data. Reads go on where they are answered. */
export function withStores(stack: Stack, loss: Loss, outcome: Outcome): Outcome {
  if (loss.fault !== 'region-dark' || outcome.kind === 'never' || outcome.kind === 'unknown') return outcome;
  const lost = readGlobalDatabases(stack.graph).flatMap(({ address, writer }): Cause[] => {
    if (!writer || knownOrAbsent(() => writer.awsRegion) !== loss.awsRegion) return [];
    const why = `is written by ${writer.address} alone: until somebody fails it over, reads are answered and writes are not`;
    return [{ kind: 'one-region-writes', address, why }];
  });
  if (lost.length === 0) return outcome;
  return {
    ...outcome,
    kind: 'partly',
    why: [outcome.why, ...lost.map(({ address, why }) => `${address} ${why}`)].join('; '),
    causes: [...outcome.causes, ...lost],
  };
}
