// What regions said of themselves over a run: every state record as it was written, and the changes between them.
import type { AdmissionState, StateRecord } from '@dr/contracts/system';
import type { RunRecord } from '../../../system-under-drill';
import { statesIn } from '../control-records';

export interface Said {
  readonly atMs: number;
  readonly record: StateRecord;
}

export interface StateChange {
  readonly region: string;
  readonly atMs: number;
  readonly from: AdmissionState;
  readonly to: AdmissionState;
  readonly before: StateRecord;
  readonly after: StateRecord;
}

export class AdmissionHistory {
  private readonly said = new Map<string, Said[]>();

  constructor({ events, regions }: Pick<RunRecord, 'events' | 'regions'>) {
    for (const region of regions) this.said.set(region, []);
    for (const { region, ...said } of statesIn({ events })) this.said.get(region)?.push(said);
  }

  of(region: string): readonly Said[] {
    return this.said.get(region) ?? [];
  }

  /** The last record written up to that instant. */
  at(region: string, atMs: number): Said | undefined {
    return this.of(region).findLast((said) => said.atMs <= atMs);
  }

  isServing(region: string, atMs: number): boolean {
    return this.at(region, atMs)?.record.state === 'serving';
  }

  /** In all records from the one in force at `fromMs` to the one at `toMs`. */
  servedThroughout(region: string, fromMs: number, toMs: number): boolean {
    const said = this.of(region);
    const first = said.findLastIndex(({ atMs }) => atMs <= fromMs);
    if (first < 0) return false;
    return said.slice(first).every(({ atMs, record }) => atMs > toMs || record.state === 'serving');
  }

  changes(): StateChange[] {
    return [...this.said].flatMap(([region, said]) =>
      said.flatMap(({ atMs, record: after }, index) => {
        const before = said[index - 1]?.record;
        if (!before || before.state === after.state) return [];
        return [{ region, atMs, from: before.state, to: after.state, before, after }];
      }),
    );
  }
}
