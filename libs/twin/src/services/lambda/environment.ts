// One execution environment of a function: a sandbox, whose invocation ends by answer, error, timeout, crash or kill.
import type { Bundle } from '../../runtime/bundle';
import { Sandbox } from '../../runtime/sandbox';
import { uuidOf } from '../../runtime/virtual-crypto';
import type { LogLevel } from '../../runtime/virtual-globals';
import type { World } from '../../world';
import { functionNetwork } from './function-network';
import type { FunctionConfig } from './config';
import type { Place } from './places';
import type { AwsApi, Internet, Metrics } from '../ports';

export interface EnvironmentPorts {
  readonly api: AwsApi;
  readonly internet: Internet;
  readonly metrics: Metrics;
}

export type Ending =
  | { readonly outcome: 'ok'; readonly payload: unknown }
  | { readonly outcome: 'error' | 'init-error'; readonly errorType: string; readonly message: string }
  | { readonly outcome: 'timeout' | 'killed' };

/** Source: Lambda quotas, synchronous invocation payload. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];

export class ExecutionEnvironment {
  idleSinceMs = 0;
  /** When the handler was last called. */
  ranAtMs: number | undefined;
  dead = false;
  loaded = false;
  /** It finishes its invocation, and is not used again (a new version was deployed). */
  retired = false;
  private readonly sandbox: Sandbox;
  private end: ((ending: Ending) => void) | undefined;
  private requestId = '';

  constructor(
    readonly id: string,
    private readonly world: World,
    private readonly config: FunctionConfig,
    private readonly awsRegion: string,
    bundle: Bundle,
    private readonly ports: EnvironmentPorts,
    readonly place: Place,
  ) {
    const caller = { roleArn: config.roleArn, awsRegion, name: config.logicalName };
    this.sandbox = new Sandbox({
      bundle,
      variables: this.variables(),
      scheduler: world.scheduler,
      random: world.random.stream(`environment/${id}`),
      clockSkewMs: () => world.faults.clockSkewMs(awsRegion, id),
      network: functionNetwork(world, caller, ports, place),
      onLine: (level, line) => this.log(level, line),
      onCrash: (error) => this.crash(error),
    });
  }

  get busy(): boolean {
    return this.end !== undefined;
  }

  /** Initialises the code. False when that threw, which ends the invocation that the environment was started for. */
  load(): boolean {
    try {
      this.sandbox.load();
      this.loaded = true;
      return !this.dead;
    } catch (error) {
      this.finish({ outcome: 'init-error', ...describe(error) });
      return false;
    }
  }

  /** Claims it for one invocation, and settles with how that ended. */
  begin(): Promise<Ending> {
    this.ranAtMs = undefined;
    return new Promise((resolve) => (this.end = resolve));
  }

  /** Runs the handler within the function's timeout. */
  run(event: unknown, invokedArn: string): void {
    const { scheduler, random } = this.world;
    this.ranAtMs = scheduler.now();
    const deadlineMs = this.ranAtMs + this.config.timeoutMs;
    const timer = scheduler.at(deadlineMs, () => this.finish({ outcome: 'timeout' }));
    this.requestId = uuidOf(random.stream('lambda/requests').bytes(16));
    const context = this.context(invokedArn, () => Math.max(0, Math.floor(deadlineMs - scheduler.now())));
    const settle = (ending: Ending): void => {
      timer.cancel();
      this.finish(ending);
    };
    this.sandbox.thaw();
    if (this.dead) return settle({ outcome: 'killed' });
    this.sandbox.invoke(event, context).then(
      (result) => settle(answerOf(result)),
      (error: unknown) => settle({ outcome: 'error', ...describe(error) }),
    );
  }

  /** Nothing of it runs again. */
  kill(): void {
    this.stop();
    this.finish({ outcome: 'killed' });
  }

  /** Ends the invocation, if one is under way. Called from outside, the code does not run (an injected fault). */
  finish(ending: Ending): void {
    const { end } = this;
    if (!end) return;
    this.end = undefined;
    if (ending.outcome === 'timeout' || ending.outcome === 'init-error') this.stop();
    else this.sandbox.freeze();
    end(ending);
  }

  private crash(error: unknown): void {
    this.stop();
    this.finish({ outcome: 'error', ...describe(error) });
  }

  private stop(): void {
    this.dead = true;
    this.sandbox.kill();
  }

  private log(level: LogLevel | null, line: string): void {
    const { config, awsRegion } = this;
    const { metrics } = this.ports;
    if (level === null || !config.jsonLogs) return metrics.ingestLogLine(awsRegion, config.logicalName, line);
    if (LEVELS.indexOf(level) < LEVELS.indexOf(config.applicationLogLevel.toLowerCase())) return;
    const timestamp = new Date(this.world.scheduler.epochNow()).toISOString();
    const record = { timestamp, level: level.toUpperCase(), requestId: this.requestId, message: line };
    metrics.ingestLogLine(awsRegion, config.logicalName, JSON.stringify(record));
  }

  private variables(): Readonly<Record<string, string>> {
    const { config, awsRegion } = this;
    return {
      ...config.variables,
      AWS_REGION: awsRegion,
      AWS_DEFAULT_REGION: awsRegion,
      AWS_ACCESS_KEY_ID: 'ASIATWINTWINTWINTWIN',
      AWS_SECRET_ACCESS_KEY: 'twin-secret-access-key',
      AWS_SESSION_TOKEN: 'twin-session-token',
      AWS_LAMBDA_FUNCTION_NAME: config.name,
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${config.name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: this.id,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      ...(config.jsonLogs ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: config.applicationLogLevel } : {}),
      LAMBDA_TASK_ROOT: '/var/task',
      TZ: ':UTC',
      _HANDLER: config.handler,
    };
  }

  private context(invokedFunctionArn: string, getRemainingTimeInMillis: () => number): Record<string, unknown> {
    const { config, id, requestId } = this;
    return {
      functionName: config.name,
      functionVersion: '1',
      invokedFunctionArn,
      memoryLimitInMB: String(config.memoryMb),
      awsRequestId: requestId,
      logGroupName: `/aws/lambda/${config.name}`,
      logStreamName: id,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis,
    };
  }
}

/** A handler's result goes over the wire as JSON. */
function answerOf(result: unknown): Ending {
  const text = JSON.stringify(result) ?? 'null';
  if (text.length <= MAX_RESPONSE_BYTES) return { outcome: 'ok', payload: JSON.parse(text) as unknown };
  const message = 'Response payload size exceeded maximum allowed payload size';
  return { outcome: 'error', errorType: 'Function.ResponseSizeTooLarge', message };
}

function describe(error: unknown): { errorType: string; message: string } {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  return {
    errorType: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(error),
  };
}
