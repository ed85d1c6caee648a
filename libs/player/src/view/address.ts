// What a link to a page names: the view, a moment to the millisecond, a window. `#t=99.712&w=fail`, `#report`, `#compare`.
import { WINDOWS, type WindowName } from '../words/windows';

export const VIEWS = ['player', 'report', 'compare'] as const;
export type View = (typeof VIEWS)[number];

export interface Address {
  readonly view?: View;
  readonly atMs?: number;
  readonly window?: WindowName;
}

export function parseAddress(hash: string): Address {
  const address: { view?: View; atMs?: number; window?: WindowName } = {};
  for (const part of hash.replace(/^#/, '').split('&')) {
    const [name = '', value = ''] = part.split('=');
    const view = VIEWS.find((one) => one === name);
    if (view) address.view = view;
    const atMs = Math.round(Number(value) * 1000);
    if (name === 't' && value !== '' && Number.isFinite(atMs) && atMs >= 0) address.atMs = atMs;
    const window = WINDOWS.find((one) => name === 'w' && one === value);
    if (window) address.window = window;
  }
  return address;
}

export function addressOf({ view, atMs, window }: Required<Address>): string {
  if (view === 'report') return '#report';
  const moment = `t=${(atMs / 1000).toFixed(3)}&w=${window}`;
  return view === 'player' ? `#${moment}` : `#${view}&${moment}`;
}
