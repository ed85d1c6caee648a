// Types of admission: what a region decides from, and what it decides.
import type { AdmissionMemory, ClosedOrder, OrderRecord, StateRecord } from '@dr/contracts/system';
import type { AdmissionConstants } from './admission-constants';
import type { Presence } from './admission-presence';

/**
 * What a peer's own /health said, asked over its regional name. `serving`: 200, probes reach it, its table works. `throttled`: the
 * same, but its table throttles: it serves its own clients and should get no others. `not-serving`: its admission says so.
 * `troubled`: any other answer (a broken table or router, nobody reaches it). That may be over in a moment.
 */
export type PeerAnswer = 'serving' | 'throttled' | 'not-serving' | 'troubled';

/** What one beat has read, before anything is decided. */
export interface Reading {
  /** Short names of all other regions. */
  readonly peers: readonly string[];
  /** The peers' state records in the local replica. Times in them are other clocks: never read. */
  readonly records: readonly StateRecord[];
  /** Answers of those peers that were asked ({@link peersToAsk}) and answered in time. */
  readonly answers: Readonly<Record<string, PeerAnswer>>;
}

/**
 * What a region thinks of a peer. `serving`: heard within F, state serving, reached. `not`: heard within F, out of service by
 * its own admission. `quiet`: neither for D. `unknown`: between. A peer that answers but cannot serve counts as silent: it may be
 * back within D, and its clients have gone on writing.
 */
export type PeerView = 'serving' | 'not' | 'quiet' | 'unknown';

/**
 * Everything that must outlive one beat is in `previous`. All execution environments of the region share it through a conditional
 * write on `version`, so a new environment decides as well as an old one. An environment itself may keep the time of the last probe
 * that it answered (its next beat writes that into `previous`), its last verdict, and the stretch for which its table has throttled. All
 * times are of the region's own clock; the clocks of its environments agree within a heartbeat [A].
 */
export interface AdmissionInput {
  readonly region: string;
  /** My state record as read just now; null at the first start, and where it is lost. */
  readonly previous: StateRecord | null;
  /** Somebody has spoiled the record, and this environment never read it: the region is not new, and what it did nobody knows. */
  readonly isLost?: boolean;
  /** The result of {@link observe} on `previous.memory` and `reading`. */
  readonly memory: AdmissionMemory;
  readonly reading: Reading;
  /** All orders in the local replica; those about other regions are ignored. */
  readonly orders: readonly OrderRecord[];
  /** When the last Route 53 probe reached this environment; null: none yet. */
  readonly probeAtMs: number | null;
  /** For how long the table has throttled under probes ({@link Presence}), as far as this environment knows. */
  readonly presence?: Presence | null;
  /** The traffic-router answers. A region whose router is broken is not one that peers may leave to. */
  readonly routerWorks: boolean;
  /**
   * False while a validation run that began after `previous.stateSinceMs` is asked for (`failback.waitForValidation`) and
   * has not passed. Only asked of a region that has a serving peer; a lone survivor never waits.
   */
  readonly validated?: boolean;
  /** `manual`: a region that was out of service serves beside another one only by an order. @default automatic */
  readonly failback?: 'automatic' | 'manual';
  readonly constants: AdmissionConstants;
  readonly nowMs: number;
}

export type AdmissionReason =
  | 'first-start'
  | 'record-lost'
  | 'steady'
  | 'back-behind'
  | 'back-caught-up'
  | 'caught-up'
  | 'catching-up'
  | 'waits'
  | 'waiting'
  | 'leaving'
  | 'withdrawn'
  | 'left'
  | 'order-refused'
  | 'order-done'
  | 'readmitted'
  | 'order-expired'
  | 'returned-unasked';

export interface AdmissionDecision {
  /** The record to write on condition that `version` is still the previous one. */
  readonly next: StateRecord;
  readonly reason: AdmissionReason;
  /** Orders decided by this beat. */
  readonly closedOrders: readonly ClosedOrder[];
  /** Something that an operator has to be told. */
  readonly notify?: string;
}
