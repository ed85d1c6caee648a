// The live line of a long command: rewritten in place on a terminal, now and then a new line elsewhere.
import type { Progress } from '@dr/drills';
import type { Context } from '../context';
import { printable } from './printable';

const CLEAR = '\r\u001b[K';
/** A line that a narrow terminal wraps cannot be written over. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];
const REWRITE_EVERY_MS = 100;

export interface LiveLine {
  /** `now`: whenever the last one was. */
  show(line: string, now?: boolean): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

export function liveLine(
  { err, live = err, errTerminal, wallMs }: Pick<Context, 'err' | 'live' | 'errTerminal' | 'wallMs'>,
  lineEveryMs = 5_000,
): LiveLine {
  let shownMs = Number.NEGATIVE_INFINITY;
  return {
    show(line, now = false) {
      if (!now && wallMs() - shownMs < (errTerminal ? REWRITE_EVERY_MS : lineEveryMs)) return;
      shownMs = wallMs();
      if (errTerminal) live(`${CLEAR}${NO_WRAP}${printable(line)}${WRAP}`);
      else err(`${line}\n`);
    },
    end() {
      if (errTerminal) live(CLEAR);
    },
  };
}

/** The live line of a drill; each phase is shown. */
export function progressLine(context: Parameters<typeof liveLine>[0]) {
  const line = liveLine(context);
  let phase: Progress['phase'] | undefined;
  return {
    show(progress: Progress): void {
      line.show(describe(progress), progress.phase !== phase);
      phase = progress.phase;
    },
    end: line.end,
  };
}

function describe({ phase, virtualSeconds, requests, failures, latest }: Progress): string {
  const counts = `${requests.toLocaleString('en-US')} requests, ${failures.toLocaleString('en-US')} failed`;
  return `${phase.padEnd(8)}  ${virtualSeconds.toFixed(0).padStart(5)} s  ${counts}${latest ? `  ${latest}` : ''}`;
}
