// Why what became of a name is not good enough.
import { PROMISED_CLIENT } from '@dr/contracts';
import type { Row } from './judged';

const IN_WORDS: Readonly<Record<'never' | 'partly' | 'manual', string>> = {
  never: 'clients are not served again before the region is back',
  partly: 'some clients are not served again before the region is back',
  manual: 'clients are not served again before a person acts',
};

/** undefined where every client is served again within the objective, and where nobody can tell. */
export function whyItFails({ outcome, worstSeconds }: Row, rtoSeconds: number | null): string | undefined {
  if (outcome === 'unknown') return undefined;
  if (outcome !== 'recovers') return IN_WORDS[outcome];
  const seconds = worstSeconds ?? 0;
  return rtoSeconds !== null && seconds > rtoSeconds
    ? `the last ${PROMISED_CLIENT} is served after ${seconds} s, and the objective is ${rtoSeconds} s`
    : undefined;
}
