// A table of items, bad writes upon it, and `dr restore` on both in memory, killed where a test says so. For tests.
import type { ReplicaItem } from '@dr/consistency';
import { formatStamp } from '@dr/failover';
import type { LineFile } from '../context';
import { FakeRecovery } from './fake-recovery';
import { runIn } from './run-on';

export const KILLED = 'killed';
export const MINUTE_MS = 60_000;
/** As the recovery's clock has it while all is well. */
export const GOOD = '2026-11-28T12:00:00Z';

/** A file of lines that outlives whoever is killed. */
export class MemoryFile {
  readonly lines: string[] = [];
  torn = '';

  open(onAppend: () => void = () => undefined): LineFile {
    const { lines } = this;
    return {
      lines: [...lines],
      torn: this.torn,
      append: (line) => {
        onAppend();
        this.torn = '';
        lines.push(line);
      },
    };
  }
}

export class RestoredSystem {
  readonly recovery = new FakeRecovery();
  private written = 0;

  /** A version of an item as traffic-router writes it now. */
  version(
    id: string,
    content: { json: string } | { deleted: true } = { json: '{"n":1}' },
    previous: string | null = null,
  ): ReplicaItem {
    this.written += 1;
    const at = { atMs: this.recovery.nowMs, region: 'mumbai', environment: '0000000a', sequence: this.written };
    return { id, timestamp: formatStamp(at), region: 'mumbai', previous, ...content };
  }

  put(id: string, json = '{"n":1}'): ReplicaItem {
    const item = this.version(id, { json });
    this.recovery.write(item);
    return item;
  }

  delete(id: string): ReplicaItem {
    const item = this.version(id, { deleted: true });
    this.recovery.write(item);
    return item;
  }

  pass(ms: number): void {
    this.recovery.nowMs += ms;
  }

  /** The versions of an item in the table in use, newest first. */
  async history(id: string): Promise<readonly ReplicaItem[]> {
    return (await this.recovery.live.history(id, undefined, 1_000)).items;
  }

  /** What clients are shown: without keys of requests, the newest version. */
  async shows(id: string): Promise<unknown> {
    const [newest] = await this.history(id);
    return newest && (newest['json'] ?? 'deleted');
  }

  async dr(
    args: string,
    given: { readonly keys?: string; readonly file?: MemoryFile; readonly onAppend?: () => void } = {},
  ) {
    const { recovery } = this;
    const { keys, file, onAppend } = given;
    const answer = await runIn(['restore', ...args.split(' ')], {
      wallMs: () => recovery.nowMs,
      operator: recovery.operator as never,
      recovery: () => recovery,
      processes: {
        readFile: () => keys ?? '',
        lineFile: () => (file ?? new MemoryFile()).open(onAppend),
      } as never,
    });
    return { ...answer, report: answer.out.startsWith('{') ? (JSON.parse(answer.out) as Report) : undefined };
  }
}

export interface Report {
  readonly restored: { readonly wasThere: boolean; readonly seconds: number };
  readonly compared: {
    readonly versionsNow: number | null;
    readonly versionsThen: number | null;
    readonly named: number | null;
  };
  readonly found: Readonly<Record<'versions' | 'items' | 'added' | 'altered' | 'gone' | 'late', number>>;
  readonly items: Readonly<Record<'toWrite' | 'same' | 'changed' | 'unknown', number>>;
  readonly written: Readonly<Record<'written' | 'already' | 'changed' | 'seconds', number>> | null;
  readonly left: number;
  readonly plan: readonly {
    readonly id: string;
    readonly action: string;
    readonly outcome?: string;
    readonly now: string | null;
    readonly then: string | null;
    readonly versions: readonly { readonly timestamp: string; readonly kind: string }[];
  }[];
}
