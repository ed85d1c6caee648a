// Where a name leads somebody at a moment: the choices on the way, and the endpoint at its end.
import { oneWayMs } from '@dr/contracts';
import {
  candidates,
  MAX_CHAIN,
  type Asker,
  type DnsRecord,
  type Endpoint,
  type HealthView,
  soleOrigin,
} from '@dr/stack';
import type { Stack } from '../rules/rule';

/** One of a name's records, chosen among them. */
export interface Choice {
  readonly record: DnsRecord;
  /** All records of its name. */
  readonly among: readonly DnsRecord[];
}

/** One end that an answer may have; `share` of this asker's answers. */
export interface Reached {
  /** undefined: no record applies, or nobody can say where the last one leads. */
  readonly endpoint: Endpoint | undefined;
  readonly choices: readonly Choice[];
  readonly share: number;
  /** The record that leads out of these files, or nobody can say where. */
  readonly leadsOut: DnsRecord | undefined;
}

/** Every end that `asker` may be led to, as Route 53 answers with that view of health. */
export function reached(
  name: string,
  asker: Asker,
  { graph, names }: Pick<Stack, 'graph' | 'names'>,
  view: HealthView,
): readonly Reached[] {
  const ends = (at: string, choices: readonly Choice[], share: number): readonly Reached[] => {
    const endpoint = names.endpoint(at);
    const through = endpoint?.kind === 'distribution' ? soleOrigin(graph, endpoint) : undefined;
    if (through !== undefined) return ends(through, choices, share);
    if (endpoint) return [{ endpoint, choices, share, leadsOut: undefined }];
    const among = names.recordsOf(at);
    const chosen = choices.length < MAX_CHAIN ? candidates(among, asker, view) : [];
    const total = chosen.reduce((sum, { weight }) => sum + weight, 0);
    const last = among.length === 0 ? choices.at(-1)?.record : undefined;
    if (chosen.length === 0) return [{ endpoint: undefined, choices, share, leadsOut: last }];
    return chosen.flatMap(({ record, weight }) => {
      const on = [...choices, { record, among }];
      const part = (share * weight) / total;
      if (record.target !== undefined) return ends(record.target, on, part);
      return [{ endpoint: undefined, choices: on, share: part, leadsOut: record }];
    });
  };
  return ends(name, [], 1);
}

/** Does the name lead everybody to the same end, whatever is well? No set of records on its way has a choice. */
export function leadsAllAlike(name: string, { names }: Pick<Stack, 'names'>): boolean {
  let at: string | undefined = name;
  for (let links = 0; at !== undefined && links < MAX_CHAIN; links += 1) {
    const endpoint = names.endpoint(at);
    if (endpoint) return endpoint.kind !== 'distribution';
    const [only, other]: readonly DnsRecord[] = names.recordsOf(at);
    if (other || (only && only.policy.kind !== 'simple')) return false;
    at = only?.target;
  }
  return true;
}

/** The nearest of the regions; the first of those equally near. */
export const nearest = (regions: readonly string[], asker: Asker): string | undefined =>
  [...regions].sort((a, b) => oneWayMs(asker.awsRegion, a) - oneWayMs(asker.awsRegion, b))[0];
