// The write of one request: its stamp, what its idempotency key and its preconditions ask for, and the version.
import type { ItemVersion, KeyUse } from '@dr/contracts/system';
import { nextStamp, parseStamp } from '@dr/failover';
import { Problem, type Clock, type Table } from '@dr/handler-core';
import { newestOf, versionAt } from './item-reads';
import { claimKey, digestOf, readKeyUses, useBy } from './key-records';
import { evaluate, preconditionFailed, type Preconditions } from './preconditions';
import { latestVersion } from './shown-versions';
import type { Operation } from './stores';
import { claimSuccessor } from './successor-records';

export interface Write {
  readonly id: string;
  readonly content: { readonly json: string } | { readonly deleted: true };
  readonly idempotencyKey?: string | undefined;
  readonly preconditions?: Preconditions | undefined;
}

export interface Written {
  readonly version: ItemVersion;
  /** The key was known and its version there: nothing was written now. */
  readonly replayed: boolean;
}

export interface Origin {
  readonly region: string;
  readonly environment: string;
  readonly nextSequence: () => number;
}

/** Everything of a version except its content; taken once a request. */
type Draft = Pick<KeyUse, 'stamp' | 'previous' | 'atMs'>;

/** A writer that loses a race tries again; each time another writer has succeeded. */
const MAX_TRIES = 5;

/**
 * The stamp is taken once. When a replica fails after that, the next one is given the same version, so a write that happened at several
 * replicas is still one version. With a key, the key's record is written first and the version then. A retry that finds that record
 * writes the version that it names, unless the version is there: so it finishes what a crash has left.
 */
export function writeVersion(clock: Pick<Clock, 'wallMs'>, origin: Origin, write: Write): Operation<Written> {
  const { id, content, idempotencyKey } = write;
  const key = idempotencyKey === undefined ? undefined : digestOf(idempotencyKey);
  const request = digestOf('json' in content ? `PUT\n${id}\n${content.json}` : `DELETE\n${id}`);
  const versionOf = ({ stamp, previous, atMs }: Draft): ItemVersion => ({
    id,
    timestamp: stamp,
    region: parseStamp(stamp)?.region ?? origin.region,
    previous,
    ...content,
    ...(key === undefined ? {} : { idempotencyKey: key, keyUsedAtMs: atMs }),
  });
  let draft: Draft | undefined;

  return async (table, signal, replica) => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const known = key === undefined ? undefined : await readKeyUses(table, key, signal);
      const use = known && useBy(known, request, clock.wallMs());
      if (use && use.stamp !== draft?.stamp) return finish(table, versionOf(use), signal);
      if (!draft) {
        const found = await drafted(clock, origin, { table, signal, replica, write, key });
        if (found === 'missed') continue;
        // After its deadline this call must not take a second stamp: the next call has taken one.
        signal.throwIfAborted();
        draft = found;
      }
      const mustClaim = known !== undefined && use === undefined;
      if (mustClaim && !(await claimKey(table, replica, known, { itemId: id, request, ...draft }, signal))) continue;
      const version = versionOf(draft);
      // A stamp is used by one request only: if it is taken, an earlier try of this very write took it.
      await table.put({ ...version }, { kind: 'absent' }, signal);
      return { version, replayed: false };
    }
    const detail = 'Others were faster. Retry with the same Idempotency-Key';
    throw new Problem(503, 'busy', 'Too many writes at once', detail, { 'retry-after': '1' });
  };
}

/** What an earlier request with the key has written, or began to. */
async function finish(table: Table, version: ItemVersion, signal: AbortSignal): Promise<Written> {
  const stored = await versionAt(table, version.id, version.timestamp, signal);
  if (stored) return { version: stored, replayed: true };
  await table.put({ ...version }, { kind: 'absent' }, signal);
  return { version, replayed: false };
}

interface Place {
  readonly table: Table;
  readonly signal: AbortSignal;
  readonly replica: string;
  readonly write: Write;
  readonly key: string | undefined;
}

const laterOf = (a: string | null, b: string | undefined): string | null => (b !== undefined && b > (a ?? '') ? b : a);

/** Takes the stamp, once the preconditions hold in this replica. `missed`: another conditional write got in between. */
async function drafted(clock: Pick<Clock, 'wallMs'>, origin: Origin, place: Place): Promise<Draft | 'missed'> {
  const { table, signal, replica, write, key } = place;
  const { id, preconditions } = write;
  const newest = await newestOf(table, id, signal);
  const shown = preconditions && (await latestVersion(id)(table, signal, replica));
  const latest = shown?.deleted ? undefined : shown?.timestamp;
  if (preconditions && evaluate(preconditions, latest, false) !== 'met') throw preconditionFailed(latest, replica);
  const { region, environment, nextSequence } = origin;
  // Of what was found, the later: the version that the condition names may have arrived after the newest was asked for.
  const previous = [newest?.timestamp, shown?.timestamp].reduce<string | null>(laterOf, null);
  const atMs = clock.wallMs();
  const stamp = nextStamp({ region, environment, sequence: nextSequence() }, atMs, previous);
  if (preconditions) {
    const after = shown?.timestamp ?? null;
    const claimed = await claimSuccessor(table, replica, { id, after, stamp, atMs, key }, signal);
    if (claimed === 'missed') return 'missed';
    if (claimed === 'taken') throw preconditionFailed(latest, replica, 'Another write follows this version');
  }
  return { stamp, previous, atMs };
}
