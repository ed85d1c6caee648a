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

/** Calls back before every frame with the ms since the last one, as long as `running`. */
export function useFrames(running: boolean, onFrame: (elapsedMs: number) => void): void {
  const latest = useRef(onFrame);
  latest.current = onFrame;
  useEffect(() => {
    if (!running) return;
    let last: number | undefined;
    let handle = requestAnimationFrame(function next(nowMs) {
      // A hidden tab gets no frames: what it missed is not caught up.
      if (last !== undefined) latest.current(Math.min(nowMs - last, 250));
      last = nowMs;
      handle = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(handle);
  }, [running]);
}

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
