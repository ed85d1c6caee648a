// The keys of the player. Buttons and lists keep their own.
import { useEffect, useRef } from 'preact/hooks';

export interface Keys {
  readonly atMs: number;
  readonly endMs: number;
  play(): void;
  step(by: 1 | -1): void;
  seek(atMs: number): void;
  window(index: number): void;
  /** Back to the head of a run that goes on; undefined: it does not. */
  live?: (() => void) | undefined;
}

export const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['Left, Right', 'former or next instant among the listed events'],
  ['Shift with Left, Right', 'one second'],
  ['Alt with Left, Right', 'a tenth of a second'],
  ['Home, End', 'start or end of the run'],
  ['1, 2, 3, 4', 'the windows of the timeline, e.g. failover, failback, whole run'],
  ['L', 'live: back to now, while a run goes on'],
  ['P, R, C', 'player, report, compare'],
  ['D', 'dark or light'],
  ['?', 'these keys'],
];

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const on = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || on.tagName === 'SELECT' || on.tagName === 'INPUT') return;
      if (act(event, latest.current, on.tagName === 'BUTTON' || on.tagName === 'SUMMARY')) event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function act(event: KeyboardEvent, keys: Keys, onButton: boolean): boolean {
  const { key, shiftKey, altKey } = event;
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const by = key === 'ArrowRight' ? 1 : -1;
    if (shiftKey) keys.seek(keys.atMs + by * 1000);
    else if (altKey) keys.seek(keys.atMs + by * 100);
    else keys.step(by);
    return true;
  }
  if (key === 'Home' || key === 'End') keys.seek(key === 'Home' ? 0 : keys.endMs);
  else if (key === ' ' && !onButton) keys.play();
  else if (key >= '1' && key <= '4' && !altKey) keys.window(Number(key) - 1);
  else if (key.toLowerCase() === 'l' && keys.live) keys.live();
  else return false;
  return true;
}
