// An applied system in virtual time on which game days are held: an AWS that keeps its schedules and experiments whatever
// becomes of the process that asked for them, health checks that move clients, and a process that can be killed. For tests.
import { CONTROL_ID, stateKey, type StateRecord } from '@dr/contracts/system';
import type { RegionConfig } from '@dr/contracts/system/config';
import {
  HeldInterruption,
  type AwsChange,
  type Experiment,
  type GameDayAws,
  type GameDayWorld,
  type Interruption,
  type Network,
} from '../operate/gameday/ports';
import type { ControlItem, ControlTable, Operator } from '../operate/operator';
import { networkOf, type Site } from './fake-network';
import { isFree } from './fake-system';
import { VirtualTime } from './virtual-time';
import type { GameDayRecord } from '../operate/gameday/records';

export const ACCOUNT = '123456789012';
const START_MS = Date.UTC(2026, 0, 5, 10, 0, 17);
const REQUEST_MS = 120;
const BEAT_MS = 5_000;
/** Three failing probes, or three good ones. */
const DETECTION_MS = 31_000;
const FIS_START_MS = 8_000;

export interface FakeGameDayOptions {
  readonly regions: readonly RegionConfig[];
  /** Of each region's traffic-router. @default none is reserved */
  readonly reserved?: number | null;
  /** Seconds after its minute in which a schedule fires, 0 to 59. @default 59 */
  readonly scheduleDelaySeconds?: number;
  readonly account?: string;
  readonly clockAheadMs?: number;
  /** Regions without a heartbeat. */
  readonly stopped?: readonly string[];
  /** What somebody at the terminal says; undefined: there is none. */
  readonly confirms?: boolean;
  /** Called before the n-th request of the process. `lost`: it never arrives and the process dies; `last`: it arrives, and it dies. */
  readonly onRequest?: (index: number, what: string) => 'lost' | 'last' | undefined;
}

export class FakeGameDay implements Operator, GameDayWorld {
  readonly time = new VirtualTime(START_MS);
  readonly sites: ReadonlyMap<string, Site>;
  readonly items = new Map<string, ControlItem>();
  readonly requests: string[] = [];
  readonly emulatedAt = undefined;
  /** From then on the process is no more: nothing that it waits for comes. */
  deadFromMs = Number.POSITIVE_INFINITY;
  private interrupt: ((code: number) => void) | undefined;

  constructor(readonly options: FakeGameDayOptions) {
    this.sites = new Map(
      options.regions.map((region) => [
        region.awsRegion,
        {
          region,
          concurrency: options.reserved ?? null,
          aclRules: new Set([100]),
          schedules: new Map(),
          templates: new Map(),
          changes: [],
        },
      ]),
    );
  }

  site(name: string): Site {
    const found = [...this.sites.values()].find(({ region }) => region.name === name);
    if (!found) throw new Error(`no region ${name}`);
    return found;
  }

  /** Nothing of a fault is left, and nothing is armed. */
  isAsBefore(name: string): boolean {
    return this.serves(this.site(name)) && this.site(name).concurrency === (this.options.reserved ?? null);
  }

  get record(): GameDayRecord | undefined {
    return this.items.get('testing') as GameDayRecord | undefined;
  }

  /** A new process, with the same AWS. */
  revive(): void {
    this.deadFromMs = Number.POSITIVE_INFINITY;
  }

  signal(code: number): void {
    this.interrupt?.(code);
  }

  // What the process has of the world.
  now(): number {
    return this.time.nowMs;
  }

  async sleep(ms: number): Promise<void> {
    await this.time.sleep(ms);
    await this.lifeOrNothing();
  }

  randomText(): string {
    throw new Error('a game day draws nothing');
  }

  secret(): never {
    throw new Error('a game day reads no secret');
  }

  liveFunction(): never {
    throw new Error('a game day invokes no function');
  }

  table(awsRegion: string): ControlTable {
    const read = (from: string, before: string): ControlItem[] =>
      [...this.states(), ...this.items.values()].filter(({ timestamp }) => timestamp >= from && timestamp < before);
    return {
      read: (from, before) => this.ask(`read ${from} in ${awsRegion}`, () => read(from, before)),
      putOrder: () => Promise.reject(new Error('a game day gives no order')),
      put: (item, place) =>
        this.ask(`put ${item.timestamp}`, () => {
          if (!isFree(place, this.items.get(item.timestamp))) return 'refused' as const;
          this.items.set(item.timestamp, { ...item });
          return 'written' as const;
        }),
    };
  }

  async identity(): Promise<{ account: string; arn: string; clockAheadMs: number }> {
    const { account = ACCOUNT, clockAheadMs = 0 } = this.options;
    return this.ask('identity', () => ({ account, arn: `arn:aws:iam::${account}:user/me`, clockAheadMs }));
  }

  get canAsk(): boolean {
    return this.options.confirms !== undefined;
  }

  async confirm(): Promise<boolean> {
    return this.options.confirms === true;
  }

  holdInterruptions(): Interruption {
    const held = new HeldInterruption(() => void (this.interrupt = undefined));
    this.interrupt = (code) => held.signal(code);
    return held;
  }

  aws(awsRegion: string): GameDayAws {
    const site = this.sites.get(awsRegion) as Site;
    const ask = <T>(what: string, act: () => T): Promise<T> => this.ask(what, act);
    return {
      reservedConcurrency: () => ask('GetFunctionConcurrency', () => site.concurrency),
      networkAcl: () =>
        ask('DescribeNetworkAcls', () => ({
          id: 'acl-1',
          subnetIds: ['subnet-1'],
          inboundRules: [...site.aclRules].map((number) => ({ number, deniesAll: number === 1 })),
        })),
      change: (change) => ask(change.action, () => this.apply(site, change)),
      arm: (schedule) =>
        ask('CreateSchedule', () => {
          site.schedules.set(schedule.name, schedule);
          const delayMs = (this.options.scheduleDelaySeconds ?? 59) * 1000;
          this.time.at(schedule.atMs + delayMs, () => {
            // ActionAfterCompletion: DELETE.
            if (site.schedules.delete(schedule.name)) this.apply(site, schedule.change);
          });
        }),
      armedAt: (name) => ask('GetSchedule', () => site.schedules.get(name)?.atMs),
      disarm: (name) => ask('DeleteSchedule', () => void site.schedules.delete(name)),
      makeExperiment: ({ name, seconds }) =>
        ask('CreateExperimentTemplate', () => void site.templates.set(name, { id: `EXT-${name}`, seconds, runs: [] })),
      experiment: (name) => ask('GetExperimentTemplate', () => this.experimentOf(site, name)),
      startExperiment: (id) => ask('StartExperiment', () => this.startExperiment(site, id)),
      stopExperiment: (id) => ask('StopExperiment', () => this.endExperiment(site, id, 'stopped')),
      removeExperiment: (id) =>
        ask('DeleteExperimentTemplate', () => {
          for (const [name, template] of site.templates) if (template.id === id) site.templates.delete(name);
        }),
    };
  }

  network(): Network {
    return networkOf(this);
  }

  async ask<T>(what: string, act: () => T): Promise<T> {
    await this.lifeOrNothing();
    const fate = what === '' ? undefined : this.options.onRequest?.(this.requests.push(what) - 1, what);
    if (fate) this.deadFromMs = this.time.nowMs;
    if (fate === 'lost') return new Promise(() => undefined);
    // What is on its way arrives, whether or not its sender is still there.
    await this.time.sleep(REQUEST_MS / 2);
    const result = act();
    await this.time.sleep(REQUEST_MS / 2);
    await this.lifeOrNothing();
    return result;
  }

  /** A dead process waits for ever. */
  private lifeOrNothing(): Promise<void> {
    return this.time.nowMs >= this.deadFromMs ? new Promise(() => undefined) : Promise.resolve();
  }

  private states(): ControlItem[] {
    return this.options.regions.map(({ name }) => {
      const beats = this.options.stopped?.includes(name) !== true;
      const sequence = beats ? Math.floor(this.time.nowMs / BEAT_MS) : 1;
      const state: StateRecord = {
        id: CONTROL_ID,
        timestamp: stateKey(name),
        region: name,
        state: 'serving',
        reached: true,
        leaving: null,
        leavingSinceMs: null,
        version: sequence,
        sequence,
        beatAtMs: 0,
        lastProbeAtMs: 0,
        closed: 0,
        grants: {},
      };
      return { ...state };
    });
  }

  /** As AWS does it: what is already so stays so. */
  private apply(site: Site, { action, input }: AwsChange): void {
    this.changing(site, () => {
      if (action === 'putFunctionConcurrency') site.concurrency = Number(input['ReservedConcurrentExecutions']);
      else if (action === 'deleteFunctionConcurrency') site.concurrency = null;
      else if (action === 'createNetworkAclEntry') site.aclRules.add(Number(input['RuleNumber']));
      else if (action === 'deleteNetworkAclEntry') site.aclRules.delete(Number(input['RuleNumber']));
      else throw new Error(`no such action: ${action}`);
    });
  }

  private experimentOf(site: Site, name: string): Experiment | undefined {
    const found = site.templates.get(name);
    return found && { templateId: found.id, seconds: found.seconds, runs: [...found.runs] };
  }

  private startExperiment(site: Site, templateId: string): void {
    const template = [...site.templates.values()].find(({ id }) => id === templateId);
    if (!template) throw new Error(`no template ${templateId}`);
    const run = { id: `EXP-${template.runs.length}`, status: 'initiating' };
    template.runs.push(run);
    this.time.at(this.time.nowMs + FIS_START_MS, () => {
      if (run.status === 'initiating') this.changing(site, () => void (run.status = 'running'));
    });
    this.time.at(this.time.nowMs + FIS_START_MS + template.seconds * 1000, () => {
      if (run.status === 'running') this.changing(site, () => void (run.status = 'completed'));
    });
  }

  private endExperiment(site: Site, id: string, status: string): void {
    const run = [...site.templates.values()].flatMap(({ runs }) => runs).find((one) => one.id === id);
    if (run) this.changing(site, () => void (run.status = status));
  }

  private changing(site: Site, change: () => void): void {
    const before = this.serves(site);
    change();
    if (this.serves(site) !== before) site.changes.push(this.time.nowMs);
  }

  isReached(site: Site): boolean {
    const disrupted = [...site.templates.values()].some(({ runs }) => runs.some(({ status }) => status === 'running'));
    return !disrupted && !site.aclRules.has(1);
  }

  private serves(site: Site): boolean {
    return this.isReached(site) && site.concurrency !== 0;
  }

  /** As Route 53 has it: late, in both directions. */
  isHealthy({ changes }: Site): boolean {
    const seen = changes.filter((atMs) => atMs <= this.time.nowMs - DETECTION_MS).length;
    return seen % 2 === 0;
  }
}
