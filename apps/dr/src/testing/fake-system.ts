// An applied system small enough to hold in memory: one table behind all regions, each deciding by the real admission
// rules at its heartbeat, in a time that passes only while an operator waits. For tests.
import {
  CONTROL_ID,
  stateKey,
  type OrderRecord,
  type StateRecord,
  type AdmissionMemory,
  type TransitionRecord,
} from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import type { RegionConfig } from '@dr/contracts/system/config';
import { admissionConstants, admit, observe, peersToAsk, type PeerAnswer, type Reading } from '@dr/failover';
import {
  Unavailable,
  type ControlItem,
  type ControlTable,
  type LiveFunction,
  type Operator,
  type Place,
  type StoredSecret,
} from '../operate/operator';

const STEP_MS = 1_000;
const constants = admissionConstants(42);

export interface FakeSystemOptions {
  readonly regions: readonly RegionConfig[];
  readonly failback?: 'automatic' | 'manual';
  /** Regions whose functions do not run: no heartbeat, no decision. */
  readonly stopped?: readonly string[];
  /** Regions whose AWS APIs do not answer. */
  readonly dark?: readonly string[];
  readonly states?: Readonly<Record<string, Partial<StateRecord>>>;
  readonly transitions?: readonly TransitionRecord[];
  /** Called as time passes, each second. */
  readonly onSecond?: (system: FakeSystem) => void;
  /** What a function answers; undefined: nothing. Time may pass meanwhile. */
  readonly onInvoke?: (system: FakeSystem, event: Readonly<Record<string, unknown>>) => unknown;
  /** Called before an order is put. */
  readonly beforePut?: (system: FakeSystem, order: OrderRecord) => void;
}

export class FakeSystem implements Operator {
  readonly items = new Map<string, ControlItem>();
  /** Secrets by AWS region; a version written in the first region arrives in the others with the next second. */
  readonly secrets = new Map<string, { text: string; versionId: string }>();
  /** Names of tables and secrets that were asked for. */
  readonly asked = new Set<string>();
  private nowMs = Date.UTC(2026, 0, 5);
  private made = 0;

  constructor(private readonly options: FakeSystemOptions) {
    for (const { name } of options.regions) this.put({ ...initialState(name, this.nowMs), ...options.states?.[name] });
    for (const transition of options.transitions ?? []) this.put(transition);
  }

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.nowMs += STEP_MS;
      for (const { name } of this.options.regions) if (this.isUp(name)) this.beat(name);
      const owner = this.secrets.get(this.options.regions[0]?.awsRegion ?? '');
      if (owner) for (const { awsRegion } of this.options.regions) this.secrets.set(awsRegion, owner);
      this.options.onSecond?.(this);
    }
  }

  randomText(bytes: number): string {
    this.made += 1;
    return `key-${this.made}`.padEnd(bytes, '.');
  }

  put(item: ControlItem | StateRecord | OrderRecord | TransitionRecord): void {
    this.items.set(item.timestamp, { ...item });
  }

  state(region: string): StateRecord {
    return this.items.get(stateKey(region)) as unknown as StateRecord;
  }

  orders(): OrderRecord[] {
    return this.range('order#', 'order$') as unknown as OrderRecord[];
  }

  table(awsRegion: string, name: string): ControlTable {
    return {
      read: async (from, before) => {
        this.reach(awsRegion, name);
        return this.range(from, before);
      },
      putOrder: async (order, replaces) => {
        this.reach(awsRegion, name);
        this.options.beforePut?.(this, order);
        const there = this.items.get(order.timestamp)?.['number'] ?? null;
        if (replaces === 'bad' ? there === order.number : there !== replaces) return 'refused';
        this.put(order);
        return 'written';
      },
      put: async (item, place) => {
        this.reach(awsRegion, name);
        if (!isFree(place, this.items.get(item.timestamp))) return 'refused';
        this.put(item);
        return 'written';
      },
    };
  }

  secret(awsRegion: string, name: string): StoredSecret {
    return {
      read: async () => {
        this.reach(awsRegion, name);
        return this.secrets.get(awsRegion);
      },
      write: async (text, replaces) => {
        this.reach(awsRegion, name);
        if (this.secrets.get(awsRegion)?.versionId !== replaces) return undefined;
        const versionId = `version-${this.made}`;
        this.secrets.set(awsRegion, { text, versionId });
        return versionId;
      },
    };
  }

  liveFunction(awsRegion: string, name: string): LiveFunction {
    return {
      invoke: async (payload) => {
        this.reach(awsRegion, name);
        const answer = await this.options.onInvoke?.(this, payload as Readonly<Record<string, unknown>>);
        if (answer === undefined) throw new Unavailable(`lambda:InvokeFunction in ${awsRegion} was not answered`);
        return answer;
      },
    };
  }

  private range(from: string, before: string): ControlItem[] {
    return [...this.items.values()].filter(({ timestamp }) => timestamp >= from && timestamp < before);
  }

  private reach(awsRegion: string, name: string): void {
    this.asked.add(`${awsRegion}/${name}`);
    const region = this.options.regions.find((one) => one.awsRegion === awsRegion);
    if (this.options.dark?.includes(region?.name ?? '')) throw new Unavailable(`${awsRegion} was not answered`);
  }

  private isUp(region: string): boolean {
    return ![...(this.options.stopped ?? []), ...(this.options.dark ?? [])].includes(region);
  }

  /** As health-checker does it, with probes arriving all the time. */
  private beat(region: string): void {
    const previous = this.state(region);
    if (this.nowMs - previous.beatAtMs < constants.heartbeatMs) return;
    const peers = this.options.regions.map(({ name }) => name).filter((name) => name !== region);
    const records = peers.map((name) => this.state(name));
    const before: AdmissionMemory | null = previous.memory ?? null;
    const silent: Reading = { peers, records, answers: {} };
    const answers = Object.fromEntries(
      peersToAsk(observe(before, silent, this.nowMs, constants))
        .filter((name) => this.isUp(name))
        .map((name): [string, PeerAnswer] => [name, this.state(name).state === 'serving' ? 'serving' : 'not-serving']),
    );
    const reading = { ...silent, answers };
    const { next } = admit({
      region,
      previous,
      memory: observe(before, reading, this.nowMs, constants),
      reading,
      orders: readControlRecords([...this.items.values()], [region, ...peers], this.nowMs).orders,
      probeAtMs: this.nowMs,
      routerWorks: true,
      failback: this.options.failback ?? 'automatic',
      constants,
      nowMs: this.nowMs,
    });
    this.put(next);
  }
}

/** As the conditions of a put are judged. */
export function isFree(place: Place, there: ControlItem | undefined): boolean {
  if (place === 'anywhere') return true;
  if ('unless' in place) return there?.[place.unless[0]] !== place.unless[1];
  if (!there) return place.absent;
  return place.holding !== undefined && there[place.holding[0]] === place.holding[1];
}

const initialState = (region: string, nowMs: number): StateRecord => ({
  id: CONTROL_ID,
  timestamp: stateKey(region),
  region,
  version: 1,
  sequence: 1,
  beatAtMs: nowMs,
  state: 'serving',
  leaving: null,
  leavingSinceMs: null,
  closed: 0,
  reached: true,
  lastProbeAtMs: nowMs,
  grants: {},
  stateSinceMs: nowMs,
});
