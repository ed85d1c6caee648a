// The work of one invocation on a run: pages, then the open keys again, each step stored before the next one begins.
import {
  HERE,
  ValidationRun,
  type ItemKey,
  type OpenKey,
  type PageAnswer,
  type PageRequest,
  type Replica,
  type ReplicaItem,
  type RunHead,
} from '@dr/consistency';
import { exactly, sleep, withDeadline, type Moment, type Table } from '@dr/handler-core';
import { StoredKeys, writeHead, type RunStore } from './run-store';

export interface WorkPorts extends RunStore {
  readonly peers: readonly { readonly name: string; readonly table: Table }[];
}

const PAGE_DEADLINE_MS = 5_000;
/** Read again at once, before the next step is stored. */
const KEYS_A_STEP = 32;
/** Invocations in a row that cannot read a replica: with one a minute, five minutes. */
const MAX_FAILURES = 5;
const MAX_MESSAGE = 500;
/** DynamoDB guide, "Quotas and limits". */
const MAX_SORT_KEY_BYTES = 1_024;

/** A run in the hands of this invocation. */
export class RunInHand {
  private constructor(
    private readonly ports: WorkPorts,
    public head: RunHead,
    readonly run: ValidationRun,
    private readonly stored: StoredKeys,
  ) {}

  /** Throws RunLost when the run is another invocation's by now. */
  static async take(ports: WorkPorts, head: RunHead): Promise<RunInHand> {
    const stored = await StoredKeys.read(ports, head);
    if (!head.run) throw new Error('there is no run to go on with');
    return new RunInHand(ports, head, new ValidationRun(head.run, stored.keys), stored);
  }

  /** Throws RunLost. */
  async store(changes: Partial<RunHead> = {}): Promise<void> {
    const keys = await this.stored.save(this.head.chunks);
    this.head = await writeHead(this.ports, { ...this.head, run: this.run.snapshot(), ...keys, ...changes });
  }

  /** Works until the run is finished, the time is over or a replica cannot be read; gives the lease back unless it is finished. */
  async workFor(budgetMs: number, started: Moment): Promise<void> {
    const { clock } = this.ports;
    while (this.run.stage !== 'finished') {
      const waitMs = this.run.stage === 'settling' ? this.run.settlesInMs(clock.wallMs()) : 0;
      if (clock.sinceMs(started) + waitMs > budgetMs) return this.store({ leaseUntilMs: 0 });
      if (waitMs > 0) await sleep(clock, waitMs);
      const failed = this.run.stage === 'scanning' ? await this.scan() : await this.settle();
      if (failed.size > 0 && !this.givesUp(failed)) return this.store({ leaseUntilMs: 0, ...this.failing(failed) });
      await this.store({ failures: {}, waitingFor: null });
    }
  }

  /** One page of each replica that is due, all or nothing. Resolves with the replicas that could not be read, and why. */
  private async scan(): Promise<Map<Replica, string>> {
    const requests = this.run.nextPages();
    const read = await Promise.allSettled(requests.map((request) => this.readPage(request)));
    const failed = new Map<Replica, string>();
    const pages: PageAnswer[] = [];
    for (const [at, one] of read.entries()) {
      if (one.status === 'fulfilled') pages.push(one.value);
      else failed.set(requests[at]?.replica ?? HERE, messageOf(one.reason));
    }
    if (failed.size === 0) this.run.addPages(pages, this.ports.clock.wallMs());
    return failed;
  }

  private async readPage({ replica, cursor, limit }: PageRequest): Promise<PageAnswer> {
    const page = await withDeadline(this.ports.clock, PAGE_DEADLINE_MS, (signal) =>
      this.tableOf(replica).scan(cursor, signal, limit),
    );
    return { replica, items: page.items, cursor: page.cursor };
  }

  private async settle(): Promise<Map<Replica, string>> {
    const failed = new Map<Replica, string>();
    const keys = this.run.nextKeys(KEYS_A_STEP);
    const [here, there] = await Promise.all([
      this.readKeys(keys, () => HERE, failed),
      this.readKeys(keys, ({ peer }) => peer, failed),
    ]);
    if (failed.size === 0) for (const [at, key] of keys.entries()) this.run.settle(key, here[at], there[at]);
    return failed;
  }

  private async readKeys(
    keys: readonly OpenKey[],
    replicaOf: (key: OpenKey) => Replica,
    failed: Map<Replica, string>,
  ): Promise<(ReplicaItem | undefined)[]> {
    return Promise.all(
      keys.map((key) =>
        this.readKey(replicaOf(key), key).catch((error: unknown) => {
          failed.set(replicaOf(key), messageOf(error));
          return undefined;
        }),
      ),
    );
  }

  /** One key through Query, the one permission that the function has for it. */
  private async readKey(replica: Replica, { id, timestamp }: ItemKey): Promise<ReplicaItem | undefined> {
    // A sort key as long as any has none right above it: then what comes first from there on is it, or it is not there.
    const isLongest = Buffer.byteLength(timestamp) >= MAX_SORT_KEY_BYTES;
    const query = isLongest ? { id, from: timestamp, limit: 1, oldestFirst: true } : exactly(id, timestamp);
    const { items } = await withDeadline(this.ports.clock, PAGE_DEADLINE_MS, (signal) =>
      this.tableOf(replica).query(query, signal),
    );
    return items.find((item) => item.timestamp === timestamp);
  }

  private failing(failed: ReadonlyMap<Replica, string>): Pick<RunHead, 'failures' | 'waitingFor'> {
    const failures = Object.fromEntries(
      [...failed.keys()].map((replica) => [String(replica), this.failuresOf(replica) + 1]),
    );
    return { failures, waitingFor: [...failed].map(([replica, why]) => this.unreadable(replica, why)).join('; ') };
  }

  private givesUp(failed: ReadonlyMap<Replica, string>): boolean {
    const lost = [...failed].filter(([replica]) => this.failuresOf(replica) + 1 >= MAX_FAILURES);
    for (const [replica, why] of lost)
      this.run.giveUp(replica, this.unreadable(replica, why), this.ports.clock.wallMs());
    return lost.length > 0;
  }

  private failuresOf(replica: Replica): number {
    return this.head.failures[String(replica)] ?? 0;
  }

  private unreadable(replica: Replica, why: string): string {
    const name = replica === HERE ? this.ports.region : (this.ports.peers[replica]?.name ?? String(replica));
    return `the replica of ${name} cannot be read: ${why}`;
  }

  private tableOf(replica: Replica): Table {
    const table = replica === HERE ? this.ports.table : this.ports.peers[replica]?.table;
    if (!table) throw new Error(`there is no peer ${replica}`);
    return table;
  }
}

/** Kept in the head record. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
