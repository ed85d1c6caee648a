// What the page takes from the browser: sizes, frames, pauses, the address.
import { useEffect, useRef, useState } from 'preact/hooks';

/** Width of an element in CSS pixels, kept up to date; 0 until it is laid out. */
export function useWidth<T extends Element>(): [{ current: T | null }, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = (): void => setWidth(Math.round(element.getBoundingClientRect().width));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

/** Calls back before a frame with the ms since the last call, at least `everyMs` apart, as long as `running`. */
export function useFrames(running: boolean, onFrame: (elapsedMs: number) => void, everyMs = 0): void {
  const latest = useRef(onFrame);
  latest.current = onFrame;
  useEffect(() => {
    if (!running) return;
    let last: number | undefined;
    let handle = requestAnimationFrame(function next(nowMs) {
      handle = requestAnimationFrame(next);
      const elapsedMs = nowMs - (last ??= nowMs);
      if (elapsedMs === 0 || elapsedMs < everyMs - SOON_MS) return;
      last = nowMs;
      // A hidden tab gets no frames: what it missed is not caught up.
      latest.current(Math.min(elapsedMs, Math.max(250, everyMs)));
    });
    return () => cancelAnimationFrame(handle);
  }, [running, everyMs]);
}

/** A frame that comes a little early is taken. */
const SOON_MS = 4;

/** The value once it has not changed for so long. */
export function useSettled<T>(value: T, afterMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const handle = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(handle);
  }, [value, afterMs]);
  return settled;
}

export const prefersLessMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Once the browser has painted what the file itself says. */
export const afterFirstPaint = (): Promise<void> =>
  new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/** The address names a moment without adding to the history. */
export const showAddress = (hash: string): void => history.replaceState(null, '', hash);

/** What the address names, whenever somebody changes it by hand. */
export function useAddress(onChange: (hash: string) => void): void {
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    const listen = (): void => latest.current(location.hash);
    addEventListener('hashchange', listen);
    return () => removeEventListener('hashchange', listen);
  }, []);
}

export const addressNow = (): string => location.hash;

/** Rejects where the browser forbids it. */
export const copyText = (text: string): Promise<void> => navigator.clipboard.writeText(text);
