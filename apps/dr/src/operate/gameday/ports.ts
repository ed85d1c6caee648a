// What a game day needs of the world: the AWS of one region, names and requests as a client has them, and the operator.
import type { Operator } from '../operator';

export type Clock = Pick<Operator, 'now' | 'sleep'>;

export interface NetworkAcl {
  readonly id: string;
  readonly subnetIds: readonly string[];
  readonly inboundRules: readonly { readonly number: number; readonly deniesAll: boolean }[];
}

/** One call of an AWS API as data, so that we and a schedule can make the very same one. */
export interface AwsChange {
  /** As the SDK identifies it. */
  readonly service: 'lambda' | 'ec2';
  readonly action:
    'createNetworkAclEntry' | 'deleteNetworkAclEntry' | 'putFunctionConcurrency' | 'deleteFunctionConcurrency';
  /** As the API reference has it. */
  readonly input: Readonly<Record<string, string | number | boolean>>;
}

/** A one-time schedule that makes one call. */
export interface UndoSchedule {
  readonly name: string;
  /** Epoch ms, a whole minute: EventBridge Scheduler calls within the 60 s from then. */
  readonly atMs: number;
  readonly change: AwsChange;
  readonly roleArn: string;
}

export interface ExperimentPlan {
  readonly name: string;
  readonly roleArn: string;
  readonly subnetArns: readonly string[];
  readonly seconds: number;
}

export interface Experiment {
  readonly templateId: string;
  /** How long FIS keeps the fault. */
  readonly seconds: number;
  readonly runs: readonly { readonly id: string; readonly status: string }[];
}

/** Rejects as the other ports of an operator do: InputError for what has to be mended, Unavailable when nobody answers. */
export interface GameDayAws {
  /** null: none is reserved. */
  reservedConcurrency(functionName: string): Promise<number | null>;
  /** By its Name tag. */
  networkAcl(name: string): Promise<NetworkAcl | undefined>;
  /** Makes the call once; what is already so is no failure. */
  change(change: AwsChange): Promise<unknown>;
  arm(schedule: UndoSchedule): Promise<unknown>;
  /** The time that it is set to, epoch ms; undefined: there is no such schedule, or it is disabled. */
  armedAt(name: string): Promise<number | undefined>;
  disarm(name: string): Promise<unknown>;
  makeExperiment(plan: ExperimentPlan): Promise<unknown>;
  experiment(name: string): Promise<Experiment | undefined>;
  startExperiment(templateId: string): Promise<unknown>;
  stopExperiment(id: string): Promise<unknown>;
  removeExperiment(templateId: string): Promise<unknown>;
}

export interface DnsReply {
  /** Seconds: the least of the chain. */
  readonly ttlSeconds: number;
  readonly addresses: readonly string[];
}

export type RequestOutcome = 'ok' | 'http-error' | 'timeout' | 'refused' | 'dns-failed';

export interface HttpReply {
  readonly outcome: RequestOutcome;
  readonly status?: number;
  readonly body?: string;
}

/** One client's connections. */
export interface Connection {
  /** `address` is asked for when a new connection is opened, and only then. Never rejects. */
  get(request: {
    readonly host: string;
    readonly path: string;
    readonly timeoutMs: number;
    readonly address: () => Promise<string>;
  }): Promise<HttpReply>;
  close(): void;
}

export interface NetworkOptions {
  /** `host:port`; undefined: what this machine asks. */
  readonly resolver?: string | undefined;
  readonly port?: number | undefined;
  /** CIDR: the network that names are asked for (EDNS client subnet, RFC 7871). */
  readonly clientSubnet?: string | undefined;
}

export interface Network {
  /** Rejects when there is no answer. */
  resolve(name: string): Promise<DnsReply>;
  /** `kept`: stays open between requests, as a browser's does. */
  connection(kept: boolean): Connection;
}

/** A wish to end early: Ctrl-C, SIGTERM, a closed terminal. While one is held, the process does not end by it. */
export interface Interruption {
  /** Exit code for the signal that came; undefined: none so far. */
  readonly code: number | undefined;
  readonly asked: Promise<void>;
  release(): void;
}

export class HeldInterruption implements Interruption {
  code: number | undefined;
  private end: () => void = () => undefined;
  readonly asked = new Promise<void>((resolve) => (this.end = resolve));

  constructor(readonly release: () => void) {}

  signal(code: number): void {
    this.code ??= code;
    this.end();
  }
}

export interface GameDayWorld {
  aws(awsRegion: string): GameDayAws;
  /** The endpoint in the place of AWS's, if it is not one of AWS's own. */
  readonly emulatedAt: string | undefined;
  network(options: NetworkOptions): Network;
  /** There is somebody at a terminal. */
  readonly canAsk: boolean;
  /** Whether the answer is yes. */
  confirm(question: string): Promise<boolean>;
  holdInterruptions(): Interruption;
}
