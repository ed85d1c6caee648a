// The drill of another team's stack, as people read it.
import { PROMISED_CLIENT } from '@dr/contracts';
import type { DrilledFault, NamesDrill } from '@dr/drills';
import { columns } from '../../terminal/columns';

/** What a drill of any stack comes to: `fails` where a name does not recover for all, or misses the objective. */
export interface AnyStackDrill extends NamesDrill {
  readonly schema: 1;
  readonly verdict: 'passes' | 'fails' | 'unknown';
  /** One sentence for each name and fault that fails. */
  readonly reasons: readonly string[];
  readonly objective: { readonly rtoSeconds: number | null };
  readonly seed: number;
  readonly replay: string;
}

/** Ends with a line break. */
export function anyStackText(drill: AnyStackDrill): string {
  const { names, assumptions, replay } = drill;
  const parts = [
    headline(drill),
    ...names.map(({ name, policy, faults }) => `\n${name} (${policy})\n${columns(faults.map(rowOf))}`),
    '',
    ...assumptions.map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}.`),
    `Repeat: ${replay}`,
  ];
  return parts.map((part) => `${part}\n`).join('');
}

function headline({ verdict, reasons, names, objective: { rtoSeconds } }: AnyStackDrill): string {
  const of = `${names.length} public name${names.length === 1 ? '' : 's'}`;
  const aim = rtoSeconds === null ? '' : `, objective ${rtoSeconds} s`;
  const worst = Math.max(0, ...names.flatMap(({ faults }) => faults.map(({ worstSeconds }) => worstSeconds ?? 0)));
  switch (verdict) {
    case 'passes':
      return `PASSES: ${of}${aim}. Each ${PROMISED_CLIENT} is served again within ${worst.toFixed(1)} s.`;
    case 'unknown':
      return `UNKNOWN: ${of}${aim}. No client was seen to stay down, but not everything could be told.`;
    case 'fails':
      return `FAILS: ${of}${aim}.\n${reasons.map((reason) => `  ${reason}`).join('\n')}`;
  }
}

const rowOf = (met: DrilledFault): string[] => [`  ${met.fault}`, met.region, outcomeText(met), met.why];

function outcomeText({ outcome, worstSeconds, clientsAffected }: DrilledFault): string {
  if (outcome === 'recovers') return clientsAffected === 0 ? 'nobody affected' : `recovers in ${seconds(worstSeconds)}`;
  return outcome === 'partly' && worstSeconds !== null ? `partly, in ${seconds(worstSeconds)}` : outcome;
}

const seconds = (value: number | null): string => `${(value ?? 0).toFixed(1)} s`;
