// The ordered key-value store under dynalite: in memory, answering at once, telling of each change.
import { PackedMap, type KeyRange, type PackedMapOptions } from './packed-map';

export interface RangeOptions extends KeyRange {
  /** Below 0: none. */
  readonly limit?: number;
}

/** `removed`: what a del took away. */
type OnChange = (key: string, value: unknown, removed?: unknown) => void;

/** What one replica has under a key. `text`: the value as JSON. `mark` stays when the value is removed. */
interface Cell {
  readonly text: string | undefined;
  readonly mark: string | undefined;
}

/** What each replica has, by its slot. Cells that are equal are one object. */
export type Row = readonly (Cell | undefined)[];

const NOTHING: Cell = { text: undefined, mark: undefined };

/** What the replicas of one database have. Nearly all of the time they have the same, which is kept once. */
export const replicaRows = (limits: Pick<PackedMapOptions<Row>, 'blockEntries' | 'openBlocks'> = {}): PackedMap<Row> =>
  new PackedMap({ ...limits, toJson: packedRow, fromJson: (json) => rowOf(json as PackedRow) });

type PackedCell = readonly [text: string | null, mark: string | null] | null;
/** `count`: of the replicas, where all have the same; or 0. */
type PackedRow = readonly [count: number, ...cells: PackedCell[]];

function packedRow(row: Row): PackedRow {
  const cells = row.map((cell): PackedCell => (cell ? [cell.text ?? null, cell.mark ?? null] : null));
  const [first = null] = cells;
  return row.every((cell) => cell === row[0]) ? [row.length, first] : [0, ...cells];
}

function rowOf([count, ...packed]: PackedRow): Row {
  const cells = packed.map((cell) => (cell ? { text: cell[0] ?? undefined, mark: cell[1] ?? undefined } : undefined));
  return count === 0 ? cells : new Array<Cell | undefined>(count).fill(cells[0]);
}

/** Keeps values as JSON, so that no two readers share an object. */
export class OrderedStore {
  private readonly shared = new Map<string, unknown>();
  /** Called for every put and del, before it is answered. undefined: absent. */
  onChange: OnChange = () => undefined;

  /** `slot`: which of the replicas this is. */
  constructor(
    private readonly rows = replicaRows(),
    private readonly slot = 0,
  ) {}

  put(key: string, value: unknown): void {
    this.write(key, value);
    this.onChange(key, value);
  }

  del(key: string): void {
    const removed = this.read(key);
    this.remove(key);
    this.onChange(key, undefined, removed);
  }

  /** Like put, without calling `onChange`. `mark`: put beside the value; undefined: the one that is there stays. */
  write(key: string, value: unknown, mark?: string): void {
    const text = JSON.stringify(value);
    this.change(key, (cell) => ({ text, mark: mark ?? cell.mark }));
  }

  remove(key: string, mark?: string): void {
    this.change(key, (cell) => ({ text: undefined, mark: mark ?? cell.mark }));
  }

  mark(key: string, mark: string): void {
    this.change(key, ({ text }) => ({ text, mark }));
  }

  /** What was put beside the value, or beside one that has been removed. */
  markOf(key: string): string | undefined {
    return this.rows.get(key)?.[this.slot]?.mark;
  }

  /** Keeps a value that nobody changes, and gives it out as it is: every call reads its table's definition. */
  share(key: string, value: unknown): void {
    this.write(key, value);
    this.shared.set(key, value);
  }

  read(key: string): unknown {
    const shared = this.shared.get(key);
    if (shared !== undefined) return shared;
    const text = this.rows.get(key)?.[this.slot]?.text;
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }

  /** Shows keys and values, as JSON, of the range in order, at most `limit`, until `see` answers false. */
  visit({ limit = -1, ...range }: RangeOptions, see: (key: string, text: string) => boolean): void {
    let left = limit < 0 ? Infinity : limit;
    if (left === 0) return;
    this.rows.visit(range, (key, row) => {
      const text = row[this.slot]?.text;
      if (text === undefined) return true;
      left -= 1;
      return see(key, text) && left > 0;
    });
  }

  /** Values of the range in order of their keys, each read when it is asked for. */
  *values(range: KeyRange): Generator<unknown> {
    for (const [, row] of this.rows.walk(range)) {
      const text = row[this.slot]?.text;
      if (text !== undefined) yield JSON.parse(text);
    }
  }

  private change(key: string, to: (cell: Cell) => Cell): void {
    const { slot } = this;
    this.rows.update(key, (row = []) => {
      const cell = to(row[slot] ?? NOTHING);
      const next = row.slice();
      while (next.length < slot) next.push(undefined);
      if (cell.text === undefined && cell.mark === undefined) {
        next[slot] = undefined;
        return next.every((one) => one === undefined) ? undefined : next;
      }
      next[slot] = row.find((other) => other?.text === cell.text && other?.mark === cell.mark) ?? cell;
      return next;
    });
  }
}
