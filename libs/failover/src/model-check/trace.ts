// How a state was reached, in words.
import type { Action } from './actions';
import { pathTo } from './engine';
import * as at from './layout';
import type { Model } from './model';
import type { StateStore } from './state-store';

/** One line for each step from the start to `state`. */
export const traceTo = (model: Model, store: StateStore, actions: readonly Action[], state: number): string[] =>
  pathTo(store, state).map(({ action, id }) => line(model, actions[action]?.name ?? '', store.bytesOf(id)));

export const line = (model: Model, action: string, bytes: Uint8Array): string =>
  `${action.padEnd(30)} ${model.names.map((name, region) => `${name}: ${show(model, bytes, region)}`).join('  ')}`;

function show(model: Model, bytes: Uint8Array, region: number): string {
  const own = at.regionAt(model, region);
  const head = bytes[own + at.HEAD] ?? 0;
  const leaving = bytes[own + at.LEAVING] ?? 0;
  const closed = bytes[own + at.CLOSED] ?? 0;
  const grants = model.names.flatMap((name, peer) => {
    const grant = peer === region ? 0 : (bytes[at.peerAt(model, region, peer) + at.GRANT] ?? 0);
    return grant === 0 ? [] : [`grants ${name} ${grant}`];
  });
  const notes = [
    ...(head > 4 || head === 0 ? [] : ['unreached']),
    ...(leaving === 0 ? [] : [`leaving ${leaving}`]),
    ...grants,
    ...(closed === 0 ? [] : [`closed ${closed}`]),
  ];
  return `${at.headState(head)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}
