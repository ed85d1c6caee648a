// A table with point-in-time recovery in memory: all that was done to it is remembered, so that each earlier state can be had. For tests.
import type { ReplicaItem } from '@dr/consistency';
import { InputError } from '@dr/contracts';
import type { RestoredTable, TableRecovery, VersionPage, VersionTable, Window } from '../operate/restore/ports';

export const ARN = 'arn:aws:dynamodb:ap-south-1:123456789012:table/dr-system-table';
/** As AWS has it: the window ends about so long ago. */
export const BEHIND_MS = 300_000;

interface Change {
  readonly atMs: number;
  readonly id: string;
  readonly timestamp: string;
  /** undefined: it was deleted. */
  readonly item: ReplicaItem | undefined;
}

/** Items of one id together, ids in an order of their own. */
export class MemoryVersions implements VersionTable {
  private readonly byId = new Map<string, Map<string, ReplicaItem>>();
  private listed: readonly ReplicaItem[] | undefined;

  /** Called before each call is answered; may throw. */
  constructor(private readonly onCall: (call: 'scan' | 'history' | 'add') => void = () => undefined) {}

  set(id: string, timestamp: string, item: ReplicaItem | undefined): void {
    const versions = this.byId.get(id) ?? new Map<string, ReplicaItem>();
    this.byId.set(id, versions);
    if (item) versions.set(timestamp, item);
    else versions.delete(timestamp);
    this.listed = undefined;
  }

  all(): readonly ReplicaItem[] {
    this.listed ??= [...this.byId.entries()]
      .sort(([a], [b]) => hashOf(a) - hashOf(b))
      .flatMap(([, versions]) => [...versions.values()].sort(byStamp));
    return this.listed;
  }

  async scan(from: string | undefined, limit: number): Promise<VersionPage> {
    this.onCall('scan');
    const start = Number(from ?? 0);
    const items = this.all().slice(start, start + limit);
    return start + limit < this.all().length ? { items, next: String(start + limit) } : { items };
  }

  async history(id: string, before: string | undefined, limit: number): Promise<VersionPage> {
    this.onCall('history');
    const below = [...(this.byId.get(id)?.values() ?? [])]
      .filter(({ timestamp }) => before === undefined || timestamp < before)
      .sort(byStamp)
      .reverse();
    const items = below.slice(0, limit);
    const last = items.at(-1);
    return last && items.length < below.length ? { items, next: last.timestamp } : { items };
  }

  async add(item: ReplicaItem): Promise<'written' | 'refused'> {
    this.onCall('add');
    if (this.byId.get(item.id)?.has(item.timestamp)) return 'refused';
    this.set(item.id, item.timestamp, item);
    return 'written';
  }
}

const byStamp = (a: ReplicaItem, b: ReplicaItem): number => (a.timestamp < b.timestamp ? -1 : 1);
const hashOf = (text: string): number =>
  [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261);

export class FakeRecovery implements TableRecovery {
  nowMs = Date.UTC(2026, 10, 28, 12);
  /** While set, point-in-time recovery is off. */
  isOff = false;
  /** How long a table takes to be made. */
  makingMs = 60_000;
  earliestMs = this.nowMs;
  /** Calls so far, by what was asked. */
  readonly calls: string[] = [];
  /** Called before each call is answered; may throw. */
  onCall: (call: string, count: number) => void = () => undefined;
  readonly live = new MemoryVersions((call) => this.enter(`live ${call}`));
  readonly made = new Map<string, RestoredTable & { readonly readyMs: number; readonly versions: MemoryVersions }>();
  private readonly changes: Change[] = [];

  readonly operator = {
    now: (): number => this.nowMs,
    sleep: async (ms: number): Promise<void> => void (this.nowMs += ms),
  };

  constructor(readonly table = 'dr-system-table') {}

  /** Somebody does this to the table now. */
  write(item: ReplicaItem): void {
    this.change(item.id, item.timestamp, item);
  }

  remove({ id, timestamp }: Pick<ReplicaItem, 'id' | 'timestamp'>): void {
    this.change(id, timestamp, undefined);
  }

  async window(): Promise<Window & { readonly arn: string }> {
    this.enter('window');
    if (this.isOff) return { arn: ARN, enabled: false, earliestMs: null, latestMs: null };
    return { arn: ARN, enabled: true, earliestMs: this.earliestMs, latestMs: this.nowMs - BEHIND_MS };
  }

  async restored(name: string): Promise<RestoredTable | undefined> {
    this.enter('restored');
    const table = this.made.get(name);
    return table && { ...table, status: this.nowMs < table.readyMs ? 'CREATING' : table.status };
  }

  async restore(name: string, toMs: number): Promise<'begun' | 'taken'> {
    this.enter('restore');
    if (this.made.has(name)) return 'taken';
    if (toMs < this.earliestMs || toMs > this.nowMs - BEHIND_MS)
      throw new InputError('--to', 'is outside', 'Give one in it');
    const versions = new MemoryVersions((call) => this.enter(`restored ${call}`));
    for (const { atMs, id, timestamp, item } of this.changes) if (atMs <= toMs) versions.set(id, timestamp, item);
    this.made.set(name, { status: 'ACTIVE', sourceArn: ARN, toMs, readyMs: this.nowMs + this.makingMs, versions });
    return 'begun';
  }

  versions(name: string): VersionTable {
    const found = name === this.table ? this.live : this.made.get(name)?.versions;
    if (!found) throw new InputError(`table ${name}`, 'does not exist', 'Make it');
    return found;
  }

  private change(id: string, timestamp: string, item: ReplicaItem | undefined): void {
    this.live.set(id, timestamp, item);
    this.changes.push({ atMs: this.nowMs, id, timestamp, item });
  }

  private enter(call: string): void {
    this.calls.push(call);
    this.onCall(call, this.calls.length);
  }
}
