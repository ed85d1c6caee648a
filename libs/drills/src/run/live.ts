// A run that people steer while it goes: clients all the time, faults and orders when somebody asks. Whoever runs it says how far.
import { aimOf, InputError, WORST_CLIENT, type Fault, type PopulationReport } from '@dr/contracts';
import { predict } from '@dr/failover';
import type { Graph } from '@dr/terraform-json';
import { violationsOf } from '../judge/judge-schedule';
import { clientRecoveries, recoveryTime } from '../measure/measure';
import { brokenBounds, populationReports } from '../measure/populations';
import type { Load, Objective } from '../schedule/scenario';
import { parseFaultNow, parseOrderNow } from '../schedule/schedule-file';
import { calmFromSeconds, contradicted, endSeconds, type Places, type Schedule } from '../schedule/schedule';
import type { GivenOrder, RunningStack, RunRecord } from '../system-under-drill';
import { Acts } from './acts';
import type { Clients } from './clients';
import { ofFault, onlyFault, promiseOf } from './run-record';
import { begin, recordOf, stillReplicating } from './simulate';
import { placesOf } from './start';
import type { Watch } from './watch';

export interface LiveOptions {
  readonly stack: RunningStack;
  /** The stack that the twin was started from. */
  readonly graph: Graph;
  readonly load: Load;
  readonly objective: Objective;
}

export interface FaultInForce {
  readonly id: string;
  readonly fault: Fault;
  /** Virtual ms; null: when somebody ends it, and after two hours at the latest. */
  readonly endsAtMs: number | null;
}

/** `cut`: the run stopped where nobody can judge it, and why. */
export type Conclusion = Verdict | { readonly cut: string };

interface Verdict {
  readonly passed: boolean;
  readonly reasons: readonly string[];
  /** Clients that the promise is not about, where one fault alone can have kept them out of service. */
  readonly populations?: readonly PopulationReport[];
}

/** Of the log: some 200 MB of memory. */
export const MAX_LIVE_EVENTS = 1_000_000;
const MAX_IN_FORCE = 50;
const STEP_MS = 1_000;
/** As for a schedule: clients go on for so long after the last fault or order, and then what is on its way comes in. */
const AFTERWARDS_SECONDS = 15;
const LAST_REQUESTS_MS = 5_000;
const REST_LIMIT_MS = 30_000;

export class LiveRun {
  readonly watch: Watch;
  private readonly clients: Clients;
  private readonly acts: Acts;
  private readonly places: Places;
  private readonly inForce = new Map<string, FaultInForce>();
  /** Of faults that are over: as planned -> with the time that they really lasted. */
  private readonly over = new Map<Fault, Fault>();
  private begun = 0;
  private touched = false;

  /** Arms everything and lets clients in. No time passes before `advance`. */
  constructor(private readonly options: LiveOptions) {
    const { stack, load } = options;
    ({ watch: this.watch, clients: this.clients } = begin(stack, load));
    this.acts = new Acts(stack);
    this.places = placesOf(stack.system, stack.world.regions);
  }

  get nowMs(): number {
    return this.options.stack.world.scheduler.now();
  }

  /** The log holds as much as it may: no more time should pass. */
  get isFull(): boolean {
    return this.options.stack.world.events.length >= MAX_LIVE_EVENTS;
  }

  get faults(): readonly FaultInForce[] {
    return [...this.inForce.values()];
  }

  get orders(): readonly GivenOrder[] {
    return this.acts.orders;
  }

  /** To `toMs` at the latest, and no further than `goesOn` allows, which is asked after each step. Throws a defect of the twin or the workload. */
  async advance(toMs: number, goesOn: () => boolean = () => true, stepMs = STEP_MS): Promise<void> {
    const { scheduler } = this.options.stack.world;
    while (this.nowMs < toMs) {
      await scheduler.runUntil(Math.min(toMs, this.nowMs + stepMs));
      this.clients.assertSound();
      if (!goesOn()) return;
    }
  }

  /** Begins a fault now; returns its id. `wish`: as in a schedule, without times. Throws InputError. */
  begin(wish: unknown, seconds?: unknown): string {
    const now = this.nowMs / 1000;
    const fault: Fault = { ...parseFaultNow(wish, seconds, this.places), startSeconds: now };
    const others = this.faults.map((one) => one.fault);
    if (others.length >= MAX_IN_FORCE)
      throw new InputError(`${others.length} faults`, 'are in force, and no more may be', 'End one first');
    const other = contradicted(fault, others, this.places);
    if (other) {
      throw new InputError(
        describeFault(fault),
        `contradicts ${describeFault(other)}, which is in force`,
        'End that one first',
      );
    }
    const id = String((this.begun += 1));
    const endsAtMs = seconds === undefined ? null : endSeconds(fault) * 1000;
    this.inForce.set(id, { id, fault, endsAtMs });
    this.acts.begin(fault);
    this.options.stack.world.scheduler.at(endSeconds(fault) * 1000, () => this.finish(id));
    return id;
  }

  /** Ends a fault now. Throws InputError when none of that id is in force. */
  end(id: unknown): void {
    if (typeof id === 'string' && this.finish(id)) return;
    const ids = [...this.inForce.keys()].join(', ') || 'none';
    throw new InputError(`fault ${JSON.stringify(id)}`, 'is not in force', `In force: ${ids}`);
  }

  endAll(): void {
    for (const id of [...this.inForce.keys()]) this.finish(id);
  }

  /** Gives an order now. `wish`: as in a schedule, without its time. Throws InputError. */
  order(wish: unknown): Promise<GivenOrder> {
    const order = parseOrderNow(wish, this.doneFromNow(), this.places);
    return this.acts.give({ ...order, atSeconds: this.nowMs / 1000 });
  }

  /** Somebody who is no client has written: what clients find is not only theirs any more. */
  touch(): void {
    this.touched = true;
  }

  /**
   * Stops the clients and judges the run by what holds for any schedule, and the only fault of a run by the objective, too. That is
   * possible only where all is over; then some virtual seconds pass.
   */
  async conclude(): Promise<Conclusion> {
    const early = this.whyNotYet();
    if (early !== undefined) return { cut: early };
    const { stack, graph, load } = this.options;
    const regions = stack.world.regions.map(({ name }) => name);
    const unrest = (): string[] => [
      ...this.watch.unrest(regions, false),
      ...stillReplicating(stack).map((region) => `${region} still replicates`),
    ];
    this.clients.stop();
    await this.advance(this.nowMs + LAST_REQUESTS_MS);
    await this.advance(this.nowMs + REST_LIMIT_MS, () => unrest().length > 0);
    const [restless] = unrest();
    if (restless !== undefined) return { cut: `the run was stopped before it came to rest: ${restless}` };
    const record = recordOf({ stack, graph, load, schedule: this.done() }, this.asDone(), {});
    const populations = this.populationsIn(record);
    const reasons = [
      ...violationsOf(record).map(({ id, detail }) => `${id}: ${detail}`),
      ...this.tooLate(record),
      ...brokenBounds(populations, record.settings.accelerator !== undefined),
    ];
    return { passed: reasons.length === 0, reasons, ...(populations.length === 0 ? {} : { populations }) };
  }

  private whyNotYet(): string | undefined {
    const [{ fault } = { fault: undefined }] = this.faults;
    if (fault) return `the run was stopped while ${describeFault(fault)} was in force`;
    if (this.isFull) return `the log holds ${MAX_LIVE_EVENTS.toLocaleString('en-US')} events, and no more may be kept`;
    if (this.touched) return 'somebody who is no client wrote into the system, so its clients cannot be judged';
    const { faults, orders } = this.done();
    const calmSeconds = this.nowMs / 1000 - calmFromSeconds({ faults, orders });
    if (faults.length + orders.length === 0 || calmSeconds >= AFTERWARDS_SECONDS) return undefined;
    return `the run was stopped ${calmSeconds.toFixed(1)} s after the last fault or order`;
  }

  /** As in a drill of that fault. */
  private populationsIn(record: RunRecord): readonly PopulationReport[] {
    const fault = onlyFault(record);
    if (!fault) return [];
    const predicted = predict(record.settings, promiseOf(record, fault).probeSeconds);
    return populationReports(ofFault(record, fault), this.options.graph, predicted);
  }

  private tooLate(record: RunRecord): string[] {
    const fault = onlyFault(record);
    if (!fault) return [];
    const { rtoSeconds } = this.options.objective;
    const worst = recoveryTime(clientRecoveries(ofFault(record, fault)))?.worstSeconds ?? 0;
    if (worst <= rtoSeconds) return [];
    return [`the ${WORST_CLIENT} was without service for ${worst} s; the objective is ${rtoSeconds} s`];
  }

  private finish(id: string): boolean {
    const ended = this.inForce.get(id);
    if (!ended) return false;
    this.inForce.delete(id);
    const { fault } = ended;
    this.acts.end(fault);
    this.over.set(fault, { ...fault, durationSeconds: this.nowMs / 1000 - fault.startSeconds });
    return true;
  }

  private done(): Schedule {
    return { faults: [...this.over.values()], orders: this.orders.map(({ action }) => action) };
  }

  private asDone(): Pick<RunRecord, 'losses' | 'orders'> {
    const { losses, orders } = this.acts;
    return { orders, losses: losses.map((loss) => ({ ...loss, fault: this.over.get(loss.fault) ?? loss.fault })) };
  }

  /** What is in force and what was ordered, in seconds from now. */
  private doneFromNow(): Schedule {
    const now = this.nowMs / 1000;
    return {
      faults: this.faults.map(({ fault }) => ({ ...fault, startSeconds: fault.startSeconds - now })),
      // One of this very instant was given before the next.
      orders: this.orders.map(({ action }) => ({ ...action, atSeconds: Math.min(action.atSeconds - now, -0.001) })),
    };
  }
}

/** `region-dark in mumbai`. */
export function describeFault(fault: Fault): string {
  const { kind, region, from, to } = fault;
  const aim = aimOf(fault);
  if (kind === 'link-cut') return `${kind} from ${from} to ${to}`;
  if (kind === 'us-east-1-down') return kind;
  return `${kind}${aim === undefined ? '' : ` of ${aim}`} in ${region}`;
}
