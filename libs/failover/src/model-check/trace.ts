// How a state was reached, in words.
import * as at from './layout';
import { othersOf, type Model } from './model';

/** What has been done, and the state that it led to. */
export const line = (model: Model, action: string, bytes: Uint8Array): string =>
  `${action.padEnd(30)} ${model.names.map((name, region) => `${name}: ${show(model, bytes, region)}`).join('  ')}`;

function show(model: Model, bytes: Uint8Array, region: number): string {
  const own = at.regionAt(model, region);
  const head = bytes[own + at.HEAD] ?? 0;
  const numbered = (what: string, number = 0): string[] => (number === 0 ? [] : [`${what} ${number}`]);
  const notes = [
    ...(head > 4 || head === 0 ? [] : ['unreached']),
    ...numbered('leaving', bytes[own + at.LEAVING]),
    ...othersOf(model, region).flatMap((peer) =>
      numbered(`grants ${model.names[peer]}`, bytes[at.peerAt(model, region, peer) + at.GRANT]),
    ),
    ...['waits', 'readmitted'].slice((bytes[own + at.RETURN] ?? 0) - 1, bytes[own + at.RETURN] ?? 0),
    ...numbered('closed', bytes[own + at.CLOSED]),
  ];
  return `${at.headState(head)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}
