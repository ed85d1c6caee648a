// What a region may conclude from what it has seen: changes of a sequence, silence, its own interruptions.
import { CONTROL_ID, stateKey } from '@dr/contracts/system';
import type { AdmissionMemory, StateRecord } from '@dr/contracts/system';
import fc from 'fast-check';
import { caughtUpWith, observe, peerStalenessSeconds, peersToAsk, viewOf } from './admission-memory';
import { admissionConstants } from './admission-constants';
import type { PeerAnswer, PeerView, Reading } from './admission-types';

const constants = admissionConstants(42);
const START = 1_000_000;

const theirs = (sequence: number, overrides: Partial<StateRecord> = {}): StateRecord => ({
  id: CONTROL_ID,
  timestamp: stateKey('b'),
  region: 'b',
  version: 1,
  sequence,
  beatAtMs: NaN,
  state: 'serving',
  leaving: null,
  leavingSinceMs: null,
  closed: 0,
  reached: true,
  lastProbeAtMs: NaN,
  grants: {},
  ...overrides,
});

interface Beat {
  /** Seconds after the start. */
  readonly at: number;
  readonly sequence?: number;
  readonly answer?: PeerAnswer;
  readonly record?: Partial<StateRecord>;
}

const readingOf = ({ sequence, answer, record }: Beat): Reading => ({
  peers: ['b'],
  records: sequence === undefined ? [] : [theirs(sequence, record)],
  answers: answer ? { b: answer } : {},
});

function watch(beats: readonly Beat[], from: AdmissionMemory | null = null) {
  let memory = from;
  for (const beat of beats) memory = observe(memory, readingOf(beat), START + beat.at * 1000, constants);
  const last = beats.at(-1) ?? { at: 0 };
  if (!memory) throw new Error('no beats');
  const nowMs = START + last.at * 1000;
  return {
    memory,
    nowMs,
    view: viewOf('b', memory, readingOf(last).records, nowMs, constants),
    caughtUp: caughtUpWith('b', memory, nowMs, constants),
  };
}

const every5 = (from: number, to: number, beat: (at: number) => Omit<Beat, 'at'>): Beat[] =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, i) => ({ at: from + 5 * i, ...beat(from + 5 * i) }));

describe('what a region thinks of a peer', () => {
  const rows: [string, Beat[], PeerView][] = [
    ['a record seen for the first time says nothing', [{ at: 0, sequence: 9 }], 'unknown'],
    [
      'a change says that it lives',
      [
        { at: 0, sequence: 9 },
        { at: 5, sequence: 10 },
      ],
      'serving',
    ],
    ['a record that appears while I watch counts as a change', [{ at: 0 }, { at: 5, sequence: 1 }], 'serving'],
    [
      'a sequence that began anew counts as a change',
      [
        { at: 0, sequence: 9 },
        { at: 5, sequence: 1 },
      ],
      'serving',
    ],
    [
      'serving but unreached tells nothing',
      [
        { at: 0, sequence: 9 },
        { at: 5, sequence: 10, record: { reached: false } },
      ],
      'unknown',
    ],
    ['unreached for D is quiet', every5(0, 20, (at) => ({ sequence: at, record: { reached: false } })), 'quiet'],
    ['an answer in trouble tells nothing', [{ at: 0, sequence: 9, answer: 'troubled' }], 'unknown'],
    ['in trouble for D is quiet', every5(0, 20, () => ({ sequence: 9, answer: 'troubled' as const })), 'quiet'],
    ['throttled, it serves', [{ at: 0, sequence: 9, answer: 'throttled' }], 'serving'],
    ['heard for F after a change', [{ at: 0, sequence: 9 }, ...every5(5, 20, () => ({ sequence: 10 }))], 'serving'],
    ['quiet after D of silence', [{ at: 0, sequence: 9 }, ...every5(5, 25, () => ({ sequence: 10 }))], 'quiet'],
    [
      'unknown between F and D',
      [{ at: 0, sequence: 9 }, ...every5(5, 20, () => ({ sequence: 10 })), { at: 22, sequence: 10 }],
      'unknown',
    ],
    [
      'its own answer counts when the replica is stale',
      [...every5(0, 25, () => ({ sequence: 9 })), { at: 30, sequence: 9, answer: 'serving' }],
      'serving',
    ],
    ['an answer that it does not serve', [{ at: 0, sequence: 9, answer: 'not-serving' }], 'not'],
    [
      'the replica outranks an answer',
      [
        { at: 0, sequence: 9 },
        { at: 5, sequence: 10, answer: 'not-serving' },
      ],
      'serving',
    ],
    [
      'an answer ends the silence',
      [...every5(0, 15, () => ({})), { at: 20, answer: 'serving' }, ...every5(25, 36, () => ({}))],
      'serving',
    ],
    [
      'silence does not count while I was away',
      [...every5(0, 15, () => ({ sequence: 9 })), { at: 31, sequence: 9 }],
      'unknown',
    ],
  ];
  test.each(rows)('%s', (_, beats, view) => expect(watch(beats).view).toBe(view));
});

describe('caught up', () => {
  const fresh = every5(0, 65, (at) => ({ sequence: at }));

  it('takes H of fresh heartbeats from the first change seen', () => {
    expect(watch(fresh).caughtUp).toBe(true);
    expect(watch(fresh.slice(0, -1)).caughtUp).toBe(false);
  });

  it('begins anew after a pause longer than F that a beat of mine has found', () => {
    const paused = fresh.map((beat) => (beat.at > 20 && beat.at <= 40 ? { ...beat, sequence: 20 } : beat));
    expect(watch(paused).memory.peers['b']?.freshSinceMs).toBe(START + 45_000);
  });

  it('does not begin anew because a beat of mine came late', () => {
    const late = fresh.filter(({ at }) => at !== 25 && at !== 30);
    expect(watch(late).caughtUp).toBe(true);
  });

  it('needs the replica: answers alone catch up with nothing', () => {
    expect(watch(every5(0, 90, () => ({ sequence: 1, answer: 'serving' as const }))).caughtUp).toBe(false);
  });
});

describe('memory', () => {
  it('asks every peer of which this beat brought nothing new', () => {
    expect(peersToAsk(watch([{ at: 0, sequence: 1 }]).memory)).toEqual(['b']);
    expect(
      peersToAsk(
        watch([
          { at: 0, sequence: 1 },
          { at: 5, sequence: 2 },
        ]).memory,
      ),
    ).toEqual([]);
    expect(
      peersToAsk(
        watch([
          { at: 0, sequence: 1 },
          { at: 5, sequence: 2 },
          { at: 10, sequence: 2 },
        ]).memory,
      ),
    ).toEqual(['b']);
  });

  it('counts as alone from the first beat at which every peer is not or quiet, and anew after any other', () => {
    const not = { record: { state: 'evacuated' } } as const;
    const beats = every5(0, 30, (at) => ({ sequence: at, ...(at === 15 ? {} : not) }));
    expect(watch(beats).memory.aloneSinceMs).toBe(START + 20_000);
    expect(watch(beats.slice(0, 4)).memory.aloneSinceMs).toBeNull();
  });

  it('forgets everything when it is older than F, whatever it was', () => {
    const ages = fc.integer({ min: 0, max: 200 });
    const made = fc.record({
      heard: fc.option(ages),
      fresh: fc.option(ages),
      answered: fc.option(ages),
      silent: ages,
      alone: fc.option(ages),
      serving: fc.boolean(),
      sequence: fc.option(fc.integer({ min: 1, max: 3 })),
    });
    fc.assert(
      fc.property(made, fc.integer({ min: 15_001, max: 100_000 }), fc.boolean(), (m, gapMs, answered) => {
        const at = (age: number | null): number | null => (age === null ? null : START - gapMs - age * 1000);
        const old: AdmissionMemory = {
          atMs: START - gapMs,
          aloneSinceMs: at(m.alone),
          peers: {
            b: {
              sequence: m.sequence,
              heardAtMs: at(m.heard),
              freshSinceMs: at(m.fresh),
              answeredAtMs: at(m.answered),
              answeredServing: m.serving,
              silentSinceMs: at(m.silent) ?? 0,
            },
          },
        };
        const reading = readingOf({ at: 0, sequence: 2, ...(answered ? { answer: 'serving' as const } : {}) });
        expect(observe(old, reading, START, constants)).toEqual(observe(null, reading, START, constants));
      }),
    );
  });

  it('tells staleness less one heartbeat, never below 0, and while nothing was ever heard too', () => {
    const stale = (beats: Beat[]): number => {
      const { memory, nowMs } = watch(beats);
      return peerStalenessSeconds('b', memory, nowMs, constants);
    };
    expect(
      stale([
        { at: 0, sequence: 1 },
        { at: 5, sequence: 2 },
      ]),
    ).toBe(0);
    expect(
      stale([
        { at: 0, sequence: 1 },
        { at: 5, sequence: 2 },
        { at: 12, sequence: 2 },
      ]),
    ).toBe(2);
    expect(stale(every5(0, 20, () => ({ sequence: 1 })))).toBe(15);
  });

  it('tells staleness of a peer that beats but that nobody reaches, unless it is out of service on purpose', () => {
    const last = (record: Partial<StateRecord>): number => {
      const { memory, nowMs } = watch([
        ...every5(0, 10, (at) => ({ sequence: at })),
        ...every5(15, 30, (at) => ({ sequence: at, record })),
      ]);
      return peerStalenessSeconds('b', memory, nowMs, constants);
    };
    expect(last({ reached: true })).toBe(0);
    expect(last({ reached: false })).toBe(15);
    expect(last({ reached: false, state: 'evacuated' })).toBe(0);
    expect(last({ reached: false, state: 'recovering' })).toBe(0);
  });
});

test('W always exceeds F + reached, however fast the checks are', () => {
  for (const seconds of [10, 14, 28, 42, 102]) {
    const { edgeMs, freshMs, reachedMs } = admissionConstants(seconds);
    expect(edgeMs).toBeGreaterThan(freshMs + reachedMs);
    expect(edgeMs).toBeGreaterThanOrEqual(seconds * 1000);
  }
});
