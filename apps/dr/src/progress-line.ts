// The live line of a running drill: rewritten in place on a terminal, now and then a new line elsewhere.
import type { Progress } from '@dr/drills';
import type { Context } from './context';

const REWRITE_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;
const CLEAR = '\r\u001b[K';

export interface ProgressLine {
  show(progress: Progress): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

export function progressLine({
  err,
  errTerminal,
  wallMs,
}: Pick<Context, 'err' | 'errTerminal' | 'wallMs'>): ProgressLine {
  let shownMs = Number.NEGATIVE_INFINITY;
  let phase: Progress['phase'] | undefined;
  return {
    show(progress) {
      const nowMs = wallMs();
      const due = nowMs - shownMs >= (errTerminal ? REWRITE_EVERY_MS : LINE_EVERY_MS);
      if (!due && progress.phase === phase) return;
      shownMs = nowMs;
      phase = progress.phase;
      err(errTerminal ? `${CLEAR}${describe(progress)}` : `${describe(progress)}\n`);
    },
    end() {
      if (errTerminal) err(CLEAR);
    },
  };
}

function describe({ phase, virtualSeconds, requests, failures, latest }: Progress): string {
  const counts = `${requests.toLocaleString('en-US')} requests, ${failures.toLocaleString('en-US')} failed`;
  return `${phase.padEnd(8)}  ${virtualSeconds.toFixed(0).padStart(5)} s  ${counts}${latest ? `  ${latest}` : ''}`;
}
