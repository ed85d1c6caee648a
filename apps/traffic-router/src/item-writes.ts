// The write of one request: its stamp, what its idempotency key and its preconditions ask for, and the version.
import type { ItemVersion, KeyUse } from '@dr/contracts/system';
import { nextStamp, parseStamp } from '@dr/failover';
import { Problem } from '@dr/handler-core';
import { newestOf, versionAt } from './item-reads';
import { claimKey, digestOf, isUseIn, keyUsesAround, usesBy } from './key-records';
import { evaluate, preconditionFailed, type Preconditions } from './preconditions';
import { latestOf } from './shown-versions';
import type { Operation } from './stores';
import type { Records, Replica } from './stored-records';
import { claimSuccessor, renewSuccessor, successorOf } from './successor-records';

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
type Draft = Pick<KeyUse, 'stamp' | 'previous' | 'atMs' | 'after'>;

/** A writer that loses a race tries again; each time another writer has succeeded. */
const MAX_TRIES = 5;

/**
 * The stamp is taken once. When a replica fails after that, the next one is given the same version, so a write that happened at several
 * replicas is still one version. With a key, the key's record is written first and the version then. A retry that finds that record
 * writes the version that it names, unless the version is there: so it finishes what a crash has left.
 */
export function writeVersion(records: Records, origin: Origin, write: Write): Operation<Written> {
  const asked = requestOf(origin, write);
  const { key, request } = asked;
  let draft: Draft | undefined;

  return async (table, signal, region) => {
    const replica = { region, table, signal, records };
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const known = key === undefined ? undefined : await keyUsesAround(replica, key, records.nowMs());
      const uses = known ? usesBy(known, request, records.nowMs()) : [];
      const isOnRecord = uses.some(({ stamp }) => stamp === draft?.stamp);
      const earlier = isOnRecord ? 'none' : await earlierOf(replica, asked, uses);
      if (earlier === 'missed') continue;
      if (earlier !== 'none') return earlier;
      if (!draft) {
        const found = await drafted(replica, origin, asked);
        if (found === 'missed') continue;
        // After its deadline this call must not take a second stamp: the next call has taken one.
        signal.throwIfAborted();
        draft = found;
      }
      const mustClaim = known !== undefined && !isOnRecord;
      if (mustClaim && !(await claimKey(replica, known, { itemId: write.id, request, ...draft }))) continue;
      const version = asked.versionOf(draft);
      // A stamp is used by one request only: if it is taken, an earlier try of this very write took it.
      await table.put({ ...version }, { kind: 'absent' }, signal);
      return { version, replayed: false };
    }
    const detail = 'Others were faster. Retry with the same Idempotency-Key';
    throw new Problem(503, 'busy', 'Too many writes at once', detail, { 'retry-after': '1' });
  };
}

interface Request extends Write {
  /** SHA-256 of the idempotency key; of the request; of both. */
  readonly key: string | undefined;
  readonly request: string;
  readonly keyedRequest: string | undefined;
  readonly versionOf: (draft: Draft) => ItemVersion;
}

function requestOf(origin: Origin, write: Write): Request {
  const { id, content, idempotencyKey } = write;
  const key = idempotencyKey === undefined ? undefined : digestOf(idempotencyKey);
  const request = digestOf('json' in content ? `PUT\n${id}\n${content.json}` : `DELETE\n${id}`);
  return {
    ...write,
    key,
    request,
    keyedRequest: key === undefined ? undefined : digestOf(`${key}\n${request}`),
    versionOf: ({ stamp, previous, atMs }) => ({
      id,
      timestamp: stamp,
      region: parseStamp(stamp)?.region ?? origin.region,
      previous,
      ...content,
      ...(key === undefined ? {} : { idempotencyKey: key, keyUsedAtMs: atMs }),
    }),
  };
}

/**
 * What an earlier request with the key has written, or began to. `none`: nothing that may still be finished: a conditional write whose
 * version is not there and whose place another one may have taken, or which began in another replica, is begun anew.
 */
async function earlierOf(
  replica: Replica,
  { id, keyedRequest, versionOf }: Request,
  uses: readonly KeyUse[],
): Promise<Written | 'none' | 'missed'> {
  const open: { readonly after: string | null; readonly version: ItemVersion }[] = [];
  for (const use of uses) {
    const stored = await versionAt(replica, id, use.stamp);
    if (stored) return { version: stored, replayed: true };
    if (use.after === undefined) {
      const written = await finished(replica, versionOf(use));
      if (written) return written;
    } else if (isUseIn(replica.region, use)) open.push({ after: use.after, version: versionOf(use) });
  }
  for (const { after, version } of open) {
    const successor = { id, after, stamp: version.timestamp, atMs: replica.records.nowMs(), key: keyedRequest };
    const renewed = await renewSuccessor(replica, successor);
    if (renewed === 'missed') return 'missed';
    const written = renewed === 'claimed' && (await finished(replica, version));
    if (written) return written;
  }
  return 'none';
}

/** Others may have finished it by now, with the same bytes. undefined: its place is taken by what is no version. */
async function finished(replica: Replica, version: ItemVersion): Promise<Written | undefined> {
  const outcome = await replica.table.put({ ...version }, { kind: 'absent' }, replica.signal);
  const isThere = outcome === 'written' || (await versionAt(replica, version.id, version.timestamp));
  return isThere ? { version, replayed: false } : undefined;
}

const laterOf = (a: string | null, b: string | undefined): string | null => (b !== undefined && b > (a ?? '') ? b : a);

/** Takes the stamp, once the preconditions hold in this replica. `missed`: another conditional write got in between. */
async function drafted(replica: Replica, origin: Origin, request: Request): Promise<Draft | 'missed'> {
  const { id, preconditions, keyedRequest } = request;
  const place = preconditions && (await successorOf(replica, id));
  const newest = await newestOf(replica, id);
  const shown = preconditions && (await latestOf(replica, id));
  const latest = shown?.deleted ? undefined : shown?.timestamp;
  if (preconditions && evaluate(preconditions, latest, false) !== 'met')
    throw preconditionFailed(latest, replica.region);
  const { region, environment, nextSequence } = origin;
  // Of what was found, the later: the version that the condition names may have arrived after the newest was asked for.
  const previous = [newest?.timestamp, shown?.timestamp].reduce<string | null>(laterOf, null);
  const atMs = replica.records.nowMs();
  const stamp = nextStamp({ region, environment, sequence: nextSequence() }, atMs, previous);
  if (!place) return { stamp, previous, atMs };
  const after = shown?.timestamp ?? null;
  const claimed = await claimSuccessor(replica, place, { id, after, stamp, atMs, key: keyedRequest });
  if (claimed === 'missed') return 'missed';
  if (claimed === 'taken') throw preconditionFailed(latest, replica.region, 'Another write follows this version');
  return { stamp, previous, atMs, after };
}
