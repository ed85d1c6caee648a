// The live line of a search: a bar, how many schedules a minute, and how many are broken.
import type { SearchProgress } from '@dr/drills';
import type { Context } from '../context';

const REWRITE_EVERY_MS = 200;
const LINE_EVERY_MS = 15_000;
const CLEAR = '\r\u001b[K';
/** A line that a narrow terminal wraps cannot be written over. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];
const BAR_CHARACTERS = 30;

export interface SearchLine {
  show(progress: SearchProgress, about?: string): void;
  end(): void;
}

export function searchProgress({
  err,
  errTerminal,
  wallMs,
}: Pick<Context, 'err' | 'errTerminal' | 'wallMs'>): SearchLine {
  let shownMs = Number.NEGATIVE_INFINITY;
  return {
    show(progress, about = '') {
      const nowMs = wallMs();
      const isLast = progress.done === progress.of && !errTerminal;
      if (!isLast && nowMs - shownMs < (errTerminal ? REWRITE_EVERY_MS : LINE_EVERY_MS)) return;
      shownMs = nowMs;
      const line = `${about}${describe(progress)}`;
      err(errTerminal ? `${CLEAR}${NO_WRAP}${line}${WRAP}` : `${line}\n`);
    },
    end() {
      if (errTerminal) err(CLEAR);
    },
  };
}

function describe({ phase, done, of, broken, wallSeconds }: SearchProgress): string {
  const filled = Math.round((done / Math.max(of, 1)) * BAR_CHARACTERS);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CHARACTERS - filled)}]`;
  const pace =
    phase === 'searching' && wallSeconds > 0 && done > 0 ? `  ${Math.round((done / wallSeconds) * 60)} a minute` : '';
  return `${phase} ${bar} ${done} of ${of}  ${broken} broken${pace}`;
}
