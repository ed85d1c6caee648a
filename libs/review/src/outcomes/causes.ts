// Why somebody is still led to what is dead: the record or the health check that does not notice.
import { isHealthyRecord, type DnsRecord, type HealthView } from '@dr/stack';
import type { Stack } from '../rules/rule';
import type { Reached } from './reach';

export interface Cause {
  readonly address: string;
  /** Part of a sentence that begins with the address. */
  readonly why: string;
}

/** Of every choice on the way: which healthy record should not be, or why none of its set could be left out. */
export function causesOf(stack: Stack, { choices }: Reached, view: HealthView): readonly Cause[] {
  const blind = choices
    .filter(({ record }) => isHealthyRecord(record, view))
    .map(({ record }) => blindnessOf(stack, record));
  const forked = choices.filter(({ among }) => among.length > 1);
  // Records behind a name with a choice only lead on: it is the choice that would have to change.
  const deciding = forked.length > 0 ? forked : choices.slice(0, 1);
  const found = deciding.flatMap(({ record, among }): readonly Cause[] => {
    if (isHealthyRecord(record, view)) return [blindnessOf(stack, record)];
    const why =
      among.length > 1 ? 'is answered although it is unhealthy: no healthy record applies' : 'has no record beside it';
    return [{ address: record.address, why }];
  });
  return found.length > 0 ? found : blind;
}

function blindnessOf({ checks }: Stack, record: DnsRecord): Cause {
  const check = checks.get(record.healthCheckId ?? '');
  if (!check) {
    const why = record.evaluateTargetHealth
      ? 'has no health check, and evaluate_target_health does not notice it'
      : 'has no health check and does not evaluate its target: Route 53 takes it for healthy';
    return { address: record.address, why };
  }
  const { address, isDisabled, isInverted, source } = check;
  if (isDisabled) return { address, why: `is disabled: ${record.address} counts as healthy` };
  if (isInverted) return { address, why: `is inverted: ${record.address} is healthy while its endpoint is not` };
  if (source.kind === 'routing-control')
    return { address, why: `follows a routing control, which a person has to turn` };
  if (source.kind === 'calculated') {
    const why = `counts ${source.threshold} healthy checks of ${source.children.length}, and enough of them stay healthy`;
    return { address, why };
  }
  return { address, why: `does not notice it: ${record.address} stays healthy` };
}
