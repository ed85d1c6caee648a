// A run over replicas of any size, made as they are read, with differences in known places and kills in many: for a test of 10^5
// versions, and of 10^6 by hand (`npm run validation-scale`).
import { CONTROL_ID } from '@dr/contracts/system';
import type { ReplicaItem, ValidationReport } from '@dr/consistency';
import { MemoryTable, type Cancellation, type ScanPage, type Table, type TableQuery } from '@dr/handler-core';
import { Interrupted, WorkClock, type Kill } from './interrupted';

const VERSIONS_AN_ITEM = 8;
const START_MS = new WorkClock().now();
/** One version a second, all before the run begins. */
const stampOf = (n: number, of: number, region: string): string =>
  `${new Date(START_MS - (of - n) * 1000).toISOString()}#${region}#0000000a-000001`;
const PAGE_ITEMS = 1_000;

/** Versions 0 to `of` - 1 in the order of the scan, without some, and with other contents in some. */
class MadeReplica implements Table {
  private readonly own = new MemoryTable();

  constructor(
    private readonly of: number,
    private readonly lacks: (n: number) => boolean,
    private readonly differs: (n: number) => boolean,
  ) {}

  put: Table['put'] = (item, condition) => this.own.put(item, condition);

  query(query: TableQuery): ReturnType<Table['query']> {
    if (query.id.startsWith(CONTROL_ID)) return this.own.query(query);
    const item = this.itemAt(Math.floor((Date.parse(query.from?.slice(0, 24) ?? '') - START_MS) / 1000 + this.of));
    return Promise.resolve({ items: item ? [item] : [] });
  }

  scan(cursor?: string, _signal?: Cancellation, limit = PAGE_ITEMS): Promise<ScanPage> {
    const items: ReplicaItem[] = [];
    let n = Number(cursor ?? 0);
    for (; n < this.of && items.length < limit; n += 1) {
      const item = this.itemAt(n);
      if (item) items.push(item);
    }
    return Promise.resolve(n < this.of ? { items, cursor: String(n) } : { items });
  }

  private itemAt(n: number): ReplicaItem | undefined {
    if (this.lacks(n)) return undefined;
    // Of every second item the last version is another region's, whose writer had seen nothing: it crossed the ones before.
    const crossed = n % (2 * VERSIONS_AN_ITEM) === VERSIONS_AN_ITEM - 1;
    const region = crossed ? 'singapore' : 'mumbai';
    const first = n % VERSIONS_AN_ITEM === 0;
    return {
      id: `item-${Math.floor(n / VERSIONS_AN_ITEM)}`,
      timestamp: stampOf(n, this.of, region),
      region,
      previous: crossed || first ? null : stampOf(n - 1, this.of, 'mumbai'),
      value: { n, text: this.differs(n) ? 'other' : 'same', more: [1, 2, { deep: true }] },
    };
  }
}

export interface LargeRun {
  readonly report: ValidationReport;
  readonly expected: {
    missingHere: number;
    missingThere: number;
    divergent: number;
    itemsHere: number;
    itemsThere: number;
  };
  readonly invocations: number;
  readonly kills: number;
  readonly pagesRead: number;
  readonly readTwice: readonly string[];
}

/** `kills`: what ends the first invocations. */
export async function largeRun(versions: number, kills: readonly (Kill | undefined)[]): Promise<LargeRun> {
  // A stretch that the peer lacks, longer than some pages, and single keys on either side.
  const gap = { from: Math.floor(versions / 3), to: Math.floor(versions / 3) + 2_500 };
  const inGap = (n: number): boolean => n >= gap.from && n < gap.to;
  const lacksHere = (n: number): boolean => n % 9_973 === 5;
  const lacksThere = (n: number): boolean => inGap(n) || n % 7_919 === 11;
  const differs = (n: number): boolean => n % 8_009 === 3;
  const never = (): boolean => false;
  const expected = { missingHere: 0, missingThere: 0, divergent: 0, itemsHere: 0, itemsThere: 0 };
  for (let n = 0; n < versions; n += 1) {
    const [here, there] = [!lacksHere(n), !lacksThere(n)];
    if (here) expected.itemsHere += 1;
    if (there) expected.itemsThere += 1;
    if (here && !there) expected.missingThere += 1;
    if (!here && there) expected.missingHere += 1;
    if (here && there && differs(n)) expected.divergent += 1;
  }
  const clock = new WorkClock();
  const validator = new Interrupted({
    clock,
    // 10^5 versions in one invocation's 20 s, as measured [A]: a page of each replica at once takes 200 ms.
    pageMs: 90,
    callMs: 10,
    here: new MadeReplica(versions, lacksHere, never),
    peers: [{ name: 'singapore', table: new MadeReplica(versions, lacksThere, differs) }],
  });
  const report = await validator.runThrough(kills);
  const { invocations, kills: killed } = validator;
  const pagesRead = [...validator.read.values()].reduce((a, b) => a + b, 0);
  return { report, expected, invocations, kills: killed, pagesRead, readTwice: validator.readTwice() };
}
