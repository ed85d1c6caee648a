// What a drill needs of a twin: the two regions as started from a stack, seen from outside.
import type { FunctionName } from '@dr/contracts/system';
import type { Internet, World } from '@dr/twin';

export interface RecoveryTimes {
  readonly intervalSeconds: number;
  readonly failureThreshold: number;
  readonly ttlSeconds: number;
}

/** One item of a replica as stored; more attributes than the key are compared, never interpreted. */
export interface ReplicaItem {
  readonly id: string;
  readonly timestamp: string;
  readonly [attribute: string]: unknown;
}

/** A write of a region that no other region has yet. */
export interface UnreplicatedWrite {
  readonly id: string;
  readonly timestamp: string;
  readonly writtenMs: number;
}

export interface Twin {
  readonly world: World;
  readonly internet: Internet;
  /** The policy name that clients use. */
  readonly domain: string;
  /** As read from the stack itself. */
  readonly routing: string;
  readonly settings: RecoveryTimes;
  /** Resource types of the stack that are not modelled. */
  readonly notModelled: readonly string[];
  /** Bearer key for /items, when the router wants one. */
  readonly apiKey: string | undefined;
  /** Arms checkers, schedules and alarms. */
  start(): void;
  readonly replicas: {
    items(region: string): readonly ReplicaItem[];
    unreplicated(region: string): readonly UnreplicatedWrite[];
  };
}

/** A twin that an operator can give orders to. */
export interface OperableTwin extends Twin {
  /** The control records in one region's table, as an operator there reads and writes them. */
  readonly control: {
    /** undefined: the region does not answer. */
    read(region: string): Promise<readonly ReplicaItem[] | undefined>;
    /** false: the region did not answer. */
    put(region: string, record: object): Promise<boolean>;
  };
  /** Calls a function of a region behind its alias, as an operator does; time passes until it has answered. Rejects when it fails. */
  invoke(region: string, functionName: FunctionName, payload: unknown): Promise<unknown>;
  /** Stores the keys of the item API, as an operator does on AWS: in every region at once. */
  setApiKeys(keys: { readonly current: string; readonly previous?: string }): void;
}
