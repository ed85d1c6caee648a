// One input of admit for tests: a region called mumbai, its peer singapore, and what is different this time.
import { CONTROL_ID, orderKey, stateKey } from '@dr/contracts/system';
import type { OrderRecord, PeerMemory, StateRecord } from '@dr/contracts/system';
import { admissionConstants } from '../admission-constants';
import type { AdmissionInput, PeerView } from '../admission-types';

export const NOW = 10_000_000;
const constants = admissionConstants(42);
export const ago = (seconds: number): number => NOW - seconds * 1000;

const record = (overrides: Partial<StateRecord> = {}): StateRecord => ({
  id: CONTROL_ID,
  timestamp: stateKey(overrides.region ?? 'mumbai'),
  region: 'mumbai',
  version: 7,
  sequence: 70,
  beatAtMs: ago(5),
  state: 'serving',
  leaving: null,
  leavingSinceMs: null,
  closed: 2,
  reached: true,
  lastProbeAtMs: ago(5),
  grants: {},
  ...overrides,
});

export const order = (
  kind: OrderRecord['kind'],
  number: number,
  overrides: Partial<OrderRecord> = {},
): OrderRecord => ({
  id: CONTROL_ID,
  timestamp: orderKey('singapore', 'mumbai'),
  writer: 'singapore',
  target: 'mumbai',
  kind,
  number,
  expiresAtMs: NOW + 3_600_000,
  ...overrides,
});

const MEMORIES: Record<PeerView, Partial<PeerMemory>> = {
  serving: { heardAtMs: ago(5), freshSinceMs: ago(5), silentSinceMs: ago(5) },
  not: { heardAtMs: ago(5), freshSinceMs: ago(5), silentSinceMs: ago(5) },
  quiet: { heardAtMs: null, silentSinceMs: ago(20) },
  unknown: { heardAtMs: ago(17), silentSinceMs: ago(17) },
};

export interface Given {
  readonly me?: Partial<StateRecord> | null;
  readonly peer?: PeerView;
  /** The peer's own /health has just said that it serves. */
  readonly answered?: true;
  readonly theirs?: Partial<StateRecord>;
  /** Seconds for which the peer has been fresh. */
  readonly freshFor?: number;
  /** Seconds for which every peer has been not or quiet. */
  readonly aloneFor?: number;
  readonly input?: Partial<AdmissionInput>;
}

export function given({
  me,
  peer = 'serving',
  answered,
  theirs,
  freshFor,
  aloneFor,
  input,
}: Given = {}): AdmissionInput {
  const seen: PeerMemory = {
    sequence: 5,
    heardAtMs: null,
    freshSinceMs: null,
    answeredAtMs: null,
    answeredServing: false,
    silentSinceMs: NOW,
    ...MEMORIES[peer],
    ...(answered ? { answeredAtMs: NOW, answeredServing: true } : {}),
    ...(freshFor === undefined ? {} : { freshSinceMs: ago(freshFor) }),
  };
  const state = peer === 'not' ? 'evacuated' : 'serving';
  return {
    region: 'mumbai',
    previous: me === null ? null : record(me),
    memory: {
      atMs: NOW,
      aloneSinceMs: aloneFor === undefined ? null : ago(aloneFor),
      peers: { singapore: seen },
    },
    reading: {
      peers: ['singapore'],
      records: [record({ region: 'singapore', state, beatAtMs: NaN, lastProbeAtMs: NaN, ...theirs })],
      answers: {},
    },
    orders: [],
    probeAtMs: NOW,
    routerWorks: true,
    constants,
    nowMs: NOW,
    ...input,
  };
}
