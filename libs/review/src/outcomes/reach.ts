// Where a name leads somebody at a moment: the choices on the way, and the endpoint at its end.
import { oneWayMs } from '@dr/contracts';
import {
  candidates,
  MAX_CHAIN,
  type Asker,
  type DnsRecord,
  type Endpoint,
  type HealthView,
  type Names,
} from '@dr/stack';

/** One of a name's records, chosen among them. */
export interface Choice {
  readonly record: DnsRecord;
  /** All records of its name. */
  readonly among: readonly DnsRecord[];
}

/** One end that an answer may have; `share` of this asker's answers. */
export interface Reached {
  /** undefined: the name leads nowhere, or nobody can say where. */
  readonly endpoint: Endpoint | undefined;
  readonly choices: readonly Choice[];
  readonly share: number;
  /** The record whose target is unknown. */
  readonly unknown: DnsRecord | undefined;
}

/** Every end that `asker` may be led to, as Route 53 answers with that view of health. */
export function reached(name: string, asker: Asker, names: Names, view: HealthView): readonly Reached[] {
  const ends = (at: string, choices: readonly Choice[], share: number): readonly Reached[] => {
    const endpoint = names.endpoint(at);
    if (endpoint) return [{ endpoint, choices, share, unknown: undefined }];
    const among = names.recordsOf(at);
    const chosen = choices.length < MAX_CHAIN ? candidates(among, asker, view) : [];
    const total = chosen.reduce((sum, { weight }) => sum + weight, 0);
    if (chosen.length === 0) return [{ endpoint: undefined, choices, share, unknown: undefined }];
    return chosen.flatMap(({ record, weight }) => {
      const on = [...choices, { record, among }];
      const part = (share * weight) / total;
      if (record.target !== undefined) return ends(record.target, on, part);
      const unknown = record.unknown.length > 0 ? record : undefined;
      return [{ endpoint: undefined, choices: on, share: part, unknown }];
    });
  };
  return ends(name, [], 1);
}

/** The nearest of the regions; the first of those equally near. */
export const nearest = (regions: readonly string[], asker: Asker): string | undefined =>
  [...regions].sort((a, b) => oneWayMs(asker.awsRegion, a) - oneWayMs(asker.awsRegion, b))[0];
