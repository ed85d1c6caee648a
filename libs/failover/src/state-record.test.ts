// What is known of a region whose record somebody has spoiled.
import type { StateRecord } from '@dr/contracts/system';
import { backupOf, bestKnown, newStateRecord } from './state-record';

const own = (sequence: number, over: Partial<StateRecord> = {}): StateRecord => ({
  ...newStateRecord('mumbai', sequence * 1_000),
  version: sequence,
  sequence,
  state: 'serving',
  closed: 2,
  stateSinceMs: 500,
  ...over,
});

/** A peer's record, with a backup of mumbai's. */
const holding = (peer: string, kept: StateRecord | undefined): StateRecord => ({
  ...newStateRecord(peer, 0),
  memory: {
    atMs: 0,
    aloneSinceMs: null,
    peers: {
      mumbai: {
        sequence: null,
        heardAtMs: null,
        freshSinceMs: null,
        answeredAtMs: null,
        answeredServing: false,
        silentSinceMs: 0,
        ...(kept ? { backup: backupOf(kept) } : {}),
      },
    },
  },
});

const SAME = { region: 'mumbai', state: 'serving', closed: 2, stateSinceMs: 500, beatAtMs: 9_000, sequence: 9 };

test('of several backups the newest counts, and nothing of another region', () => {
  const peers = [holding('london', own(8)), holding('singapore', own(9)), holding('tokyo', undefined)];
  expect(bestKnown('mumbai', undefined, peers)).toMatchObject({ ...SAME, version: 9, leaving: null, grants: {} });
  expect(bestKnown('singapore', undefined, peers)).toBeUndefined();
});

test.each([8, 9])('what is remembered of beat 9 counts before a backup of beat %i', (sequence) => {
  const mine = own(9, { grants: { singapore: 1 } });
  expect(bestKnown('mumbai', mine, [holding('singapore', own(sequence))])).toBe(mine);
});

test('a newer backup counts before what is remembered, but for what was seen of the peers', () => {
  const memory = { atMs: 4_000, aloneSinceMs: 3_000, peers: {} };
  const mine = own(4, { memory, state: 'recovering', leaving: 3, leavingSinceMs: 1 });
  const known = bestKnown('mumbai', mine, [holding('singapore', own(9))]);
  expect(known).toMatchObject({ ...SAME, memory, leaving: null, leavingSinceMs: null });
});
