// AWS Lambda of one region (FN-01 to FN-04): environments, limits, time-outs, faults and metrics.
import type { Fault } from '@dr/contracts';
import { permitted, readAsyncConfig, splitArn } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { entryOf } from '../../kernel/entry-of';
import { COUNTED_FROM_MS } from '../../load-scale';
import { readBundle, type Bundle, type ReadFile } from '../../runtime/bundle';
import { standsFor, type World } from '../../world';
import type { FunctionInvoker, InvokeResult } from '../ports';
import { AsyncQueue, type AsyncEvent, type AsyncResult, type FailedEvent } from './async';
import { Concurrency, type Invocation } from './concurrency';
import { readFunctions, type FunctionConfig } from './config';
import { ExecutionEnvironment, type Ending, type EnvironmentPorts } from './environment';
import { FAILS, FAILS_TO_START, NO_VARIABLES } from './endings';
import { sendToFailureTargets, type FailurePorts } from './failures';
import { notFound, resultOf } from './results';
import { nextPlace } from './places';

/** Read when they are used: some of them are added after Lambda is made. */
export type LambdaPorts = EnvironmentPorts & FailurePorts;

/** [A] Micro-VM, runtime and a small bundle, from the invocation to the handler. */
export const COLD_START_MS = { median: 220, p99: 380 };
/** [A] Lambda's part of a warm invocation and the handler's own CPU time. */
const WARM_OVERHEAD_MS = { median: 2, p99: 8 };
/** [A] An idle environment is taken away after this time. */
export const IDLE_LIFETIME_MS = 600_000;

interface FunctionState {
  readonly config: FunctionConfig;
  readonly bundle: Bundle;
  /** Idle ones, the most recently used last. */
  readonly idle: ExecutionEnvironment[];
  readonly all: Set<ExecutionEnvironment>;
  started: number;
}

interface Execution {
  readonly ending: Ending;
  readonly environment: string;
  readonly cold: boolean;
  /** Of the handler: start-up is not part of it. */
  readonly durationMs: number;
}

interface Target {
  readonly state: FunctionState;
  readonly qualifier: string | undefined;
  readonly arn: string;
}

export class LambdaService implements FunctionInvoker {
  static readonly reads = [
    'aws_lambda_alias',
    'aws_lambda_function',
    'aws_lambda_function_event_invoke_config',
    'aws_lambda_permission',
  ];
  private readonly functions = new Map<string, FunctionState>();
  /** The stack does not change in a run. */
  private readonly permissions = new Map<string, boolean>();
  private readonly concurrency: Concurrency;
  private readonly queue: AsyncQueue;

  /** Throws InputError when a function's code cannot be read. */
  constructor(
    private readonly world: World,
    private readonly graph: Graph,
    readonly awsRegion: string,
    private readonly ports: LambdaPorts,
    readFile?: ReadFile,
  ) {
    const configs = readFunctions(world, graph, awsRegion);
    for (const config of configs) {
      const bundle = readBundle(config.codePath, config.handler, readFile);
      this.functions.set(config.name, { config, bundle, idle: [], all: new Set(), started: 0 });
    }
    this.concurrency = new Concurrency(configs, {
      load: world.load,
      inServiceMs: world.limits ? COUNTED_FROM_MS : 0,
      standsFor: (logicalName) => standsFor(world, logicalName),
      counter: (id, subject, allowed) => world.limits?.counter(id, awsRegion, subject, () => allowed),
    });
    this.queue = new AsyncQueue(world, awsRegion, {
      run: (event) => this.runQueued(event),
      onFailed: (failed) => this.fail(failed),
    });
    world.faults.onStart((fault) => this.onFault(fault));
  }

  async invoke(
    functionArn: string,
    payload: unknown,
    trigger: string,
    invocation: Invocation = 'synchronous',
  ): Promise<InvokeResult> {
    const { faults, scheduler } = this.world;
    if (faults.isDown(this.awsRegion)) return { kind: 'unreachable' };
    const target = this.resolve(functionArn);
    if (!target) return notFound(functionArn);
    const { config } = target.state;
    const startedMs = scheduler.now();
    const throttled =
      faults.hits('lambda-throttled', this.awsRegion, config.logicalName) ||
      !this.concurrency.enter(config, startedMs, invocation);
    if (throttled) return this.throttle(target, trigger, startedMs);
    const executed = await this.execute(target, payload);
    this.concurrency.leave(config, startedMs, scheduler.now());
    if (executed === 'throttled') return this.throttle(target, trigger, startedMs);
    if (executed === 'no-place') return { kind: 'unreachable' };
    this.record(target, { trigger, startedMs, ...executed });
    return resultOf(executed.ending, config);
  }

  invokeAsync(functionArn: string, payload: unknown, trigger: string): void {
    const config = readAsyncConfig(this.graph, this.awsRegion, splitArn(functionArn));
    this.queue.add({ functionArn, payload, trigger, config });
  }

  /** Lambda does not try a function whose reserved concurrency is 0 (invocation-async). */
  private async runQueued({ functionArn, payload, trigger }: AsyncEvent): Promise<AsyncResult> {
    const isDown = this.world.faults.isDown(this.awsRegion);
    if (!isDown && this.resolve(functionArn)?.state.config.reservedConcurrency === 0) return { kind: 'closed' };
    return this.invoke(functionArn, payload, trigger, 'asynchronous');
  }

  permits(functionArn: string, principal: string, sourceArn: string): boolean {
    return entryOf(this.permissions, `${functionArn} ${principal} ${sourceArn}`, () =>
      permitted(this.graph, this.awsRegion, splitArn(functionArn), principal, sourceArn),
    );
  }

  /** The function and qualifier that an ARN or name stands for; undefined when the region has no such function. */
  resolve(functionArn: string): Target | undefined {
    const { name, qualifier } = splitArn(functionArn);
    const state = this.functions.get(name);
    if (!state) return undefined;
    const known = qualifier === undefined || /^(\$LATEST|\d+)$/.test(qualifier) || state.config.aliases.has(qualifier);
    if (!known) return undefined;
    return { state, qualifier, arn: qualifier === undefined ? state.config.arn : `${state.config.arn}:${qualifier}` };
  }

  /** ARN of that alias of the function with that logical name; undefined when the region has no such function. */
  arnOf(logicalName: string, alias: string): string | undefined {
    const state = [...this.functions.values()].find(({ config }) => config.logicalName === logicalName);
    return state && `${state.config.arn}:${alias}`;
  }

  /** Takes virtual time: overhead, a cold start where no environment is idle, and the handler. */
  private async execute(target: Target, payload: unknown): Promise<Execution | 'throttled' | 'no-place'> {
    const { state } = target;
    const { scheduler, faults, random } = this.world;
    const chance = random.stream(`lambda/${this.awsRegion}`);
    const warm = this.takeIdle(state);
    const mayStart = !warm && !faults.hits('lambda-scaling-limit', this.awsRegion);
    if (!warm && !(mayStart && this.concurrency.startEnvironment(state.config, scheduler.now()))) {
      return 'throttled';
    }
    const environment = warm ?? this.newEnvironment(state);
    if (!environment) return 'no-place';
    const ended = environment.begin();
    const overheadMs = chance.logNormal(WARM_OVERHEAD_MS.median, WARM_OVERHEAD_MS.p99);
    const coldMs = warm ? 0 : chance.logNormal(COLD_START_MS.median, COLD_START_MS.p99);
    scheduler.after(overheadMs + coldMs, () => {
      if (environment.dead) return;
      if (faults.hits('lambda-errors', this.awsRegion, state.config.logicalName)) return environment.finish(FAILS);
      if (faults.hits('app-errors', this.awsRegion)) return environment.finish(FAILS);
      if (!environment.loaded) {
        if (state.config.usesKms && faults.hits('kms-dark', this.awsRegion)) return environment.finish(NO_VARIABLES);
        if (faults.hits('bad-deploy', this.awsRegion, state.config.logicalName))
          return environment.finish(FAILS_TO_START);
        if (!environment.load()) return;
      }
      environment.run(copyOf(payload), target.arn);
    });
    const ending = await ended;
    this.giveBack(state, environment);
    const durationMs = scheduler.now() - (environment.ranAtMs ?? scheduler.now());
    return { ending, environment: environment.id, cold: !warm, durationMs };
  }

  private takeIdle(state: FunctionState): ExecutionEnvironment | undefined {
    const environment = state.idle.pop();
    if (!environment) return undefined;
    if (this.world.scheduler.now() - environment.idleSinceMs <= IDLE_LIFETIME_MS) return environment;
    // The environment that was used last is too old, so all of them are.
    for (const old of [environment, ...state.idle]) this.discard(state, old);
    state.idle.length = 0;
    return undefined;
  }

  /** undefined: none of the function's zones has power. */
  private newEnvironment(state: FunctionState): ExecutionEnvironment | undefined {
    const { world, awsRegion } = this;
    const place = nextPlace(world, this.graph, awsRegion, state.config, state.started);
    if (!place) return undefined;
    state.started += 1;
    const id = `${world.regionNames.nameOf(awsRegion)}/${state.config.logicalName}/${state.started}`;
    const environment = new ExecutionEnvironment(id, world, state.config, awsRegion, state.bundle, this.ports, place);
    state.all.add(environment);
    return environment;
  }

  private giveBack(state: FunctionState, environment: ExecutionEnvironment): void {
    const isOver = environment.dead || environment.retired || this.world.faults.hits('cold-starts', this.awsRegion);
    if (isOver) return this.discard(state, environment);
    environment.idleSinceMs = this.world.scheduler.now();
    state.idle.push(environment);
  }

  private discard(state: FunctionState, environment: ExecutionEnvironment): void {
    state.all.delete(environment);
    environment.kill();
  }

  private onFault(fault: Fault): void {
    if (this.world.faults.isDown(this.awsRegion)) {
      for (const state of this.functions.values()) this.recycle(state, true);
    } else if (fault.kind === 'zone-dark') {
      for (const state of this.functions.values()) this.recycle(state, true, ({ place }) => place.isDark());
    }
    if (!this.world.faults.isIn(fault, this.awsRegion)) return;
    for (const state of this.functions.values()) {
      const isReplaced = fault.kind === 'bad-deploy' && this.world.faults.isAimedAt(fault, state.config.logicalName);
      if (isReplaced || fault.kind === 'lambda-scaling-limit') this.recycle(state, false);
    }
  }

  /** Drops the idle environments. Busy ones die now, or finish first, as they do at a deployment. */
  private recycle(
    state: FunctionState,
    killBusy: boolean,
    isMeant: (environment: ExecutionEnvironment) => boolean = () => true,
  ): void {
    const meant = [...state.all].filter(isMeant);
    state.idle.splice(0, Infinity, ...state.idle.filter((environment) => !meant.includes(environment)));
    for (const environment of meant) {
      environment.retired = true;
      if (killBusy || !environment.busy) this.discard(state, environment);
    }
  }

  private throttle(target: Target, trigger: string, startedMs: number): InvokeResult {
    const { config } = target.state;
    this.metric(config.name, 'Throttles', 1);
    const region = this.awsRegion;
    const event = { region, functionName: config.logicalName, environment: '', trigger, startedMs, cold: false };
    this.world.events.record({ kind: 'invocation', ...event, outcome: 'throttled' });
    return { kind: 'throttled' };
  }

  private record(target: Target, run: Execution & { readonly trigger: string; readonly startedMs: number }): void {
    const { ending, durationMs, ...rest } = run;
    const { config } = target.state;
    const region = this.awsRegion;
    const detail = 'message' in ending ? { detail: `${ending.errorType}: ${ending.message}` } : {};
    const event = { region, functionName: config.logicalName, ...rest, ...detail };
    this.world.events.record({ kind: 'invocation', ...event, outcome: ending.outcome });
    // A region without power reports nothing.
    if (ending.outcome === 'killed') return;
    this.metric(config.name, 'Invocations', 1);
    this.metric(config.name, 'Errors', ending.outcome === 'ok' ? 0 : 1);
    this.metric(config.name, 'Throttles', 0);
    this.metric(config.name, 'Duration', durationMs);
    this.metric(config.name, 'ConcurrentExecutions', this.concurrency.executing(config.name) + 1);
  }

  private metric(functionName: string, name: string, value: number): void {
    const metric = { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } };
    this.ports.metrics.put({ awsRegion: this.awsRegion, ...metric, value });
  }

  private fail(failed: FailedEvent): void {
    const config = this.resolve(failed.functionArn)?.state.config;
    if (config) sendToFailureTargets(this.world, this.ports, this.awsRegion, config, failed);
  }
}

/** Each environment gets its own copy, as it would from the wire. */
const copyOf = (payload: unknown): unknown => JSON.parse(JSON.stringify(payload ?? null)) as unknown;
