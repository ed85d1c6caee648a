// What a change makes slower: the same name, the same loss, before the plan and after it.
import { WORST_CLIENT } from '@dr/contracts';
import { MAX_CHAIN, type DnsRecord, type Names } from '@dr/stack';
import type { StackChange } from '../changes/changed';
import type { Stack } from '../rules/rule';
import { lossIn } from './before';
import { checksBehind } from './checks-behind';
import type { JudgedName } from './judge';

export interface Slower {
  /** Of what changes: a record, a health check, or what is behind them. */
  readonly address: string;
  /** e.g. `TTL 10 -> 300`. */
  readonly change: string;
  /** e.g. `worst client that honours the TTL and opens a new connection 57 s -> 347 s`. */
  readonly effect: string;
  /** e.g. `app.example.com, region-dark in eu-west-1`. */
  readonly where: string;
}

/** `base` and `names` are what has been judged before and after `changes`. */
export function slowerThan(
  base: readonly JudgedName[],
  names: readonly JudgedName[],
  changes: readonly StackChange[],
  stack: Stack,
): Slower[] {
  return names.flatMap(({ name, faults }) => {
    const [worse] = faults
      .flatMap((loss) => {
        const then = lossIn(base, name, loss)?.span?.worst ?? null;
        const now = loss.span?.worst ?? null;
        return then !== null && now !== null && now > then ? [{ ...loss, then, now }] : [];
      })
      .sort((a, b) => b.now - b.then - (a.now - a.then));
    if (!worse) return [];
    const effect = `${WORST_CLIENT} ${worse.then} s -> ${worse.now} s`;
    const where = `${name}, ${worse.fault} in ${worse.awsRegion}`;
    return changesBehind(name, changes, stack).map((one) => ({ ...one, effect, where }));
  });
}

const OF_DNS = /^aws_route53_(record|health_check)$/;

/** Settings that take time, of the name's records, of their health checks and of what they lead to. */
function changesBehind(
  name: string,
  changes: readonly StackChange[],
  { names, checks }: Stack,
): Pick<Slower, 'address' | 'change'>[] {
  const behind = new Set([
    ...recordsBehind(name, names).map(({ address }) => address),
    ...[...checksBehind(name, { names, checks })].flatMap((id) => checks.get(id)?.address ?? []),
  ]);
  const found = changes
    .filter(({ address, type }) => behind.has(address) || !OF_DNS.test(type))
    .flatMap(({ address, settings }) =>
      settings
        .filter(
          ({ isTiming, key, was, is }) => key === 'child_health_threshold' || (isTiming && Number(is) > Number(was)),
        )
        .map(({ sentence }) => ({ address, change: sentence.split(': ')[0] as string })),
    );
  return found.length > 0 ? found : [{ address: name, change: 'this change' }];
}

function recordsBehind(name: string, names: Names, links = 0): DnsRecord[] {
  if (links > MAX_CHAIN) return [];
  return names
    .recordsOf(name)
    .flatMap((record) => [
      record,
      ...(record.target === undefined ? [] : recordsBehind(record.target, names, links + 1)),
    ]);
}
