// The live line of a search: a bar, how many schedules a minute, and how many are broken.
import type { SearchProgress } from '@dr/drills';
import { liveLine } from '../../terminal/live-line';

const LINE_EVERY_MS = 15_000;
const BAR_CHARACTERS = 30;

export function searchProgress(context: Parameters<typeof liveLine>[0]) {
  const line = liveLine(context, LINE_EVERY_MS);
  return {
    show(progress: SearchProgress): void {
      line.show(describe(progress), progress.done === progress.of && !context.errTerminal);
    },
    end: line.end,
  };
}

function describe({ phase, done, of, broken, wallSeconds }: SearchProgress): string {
  const filled = Math.round((done / Math.max(of, 1)) * BAR_CHARACTERS);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CHARACTERS - filled)}]`;
  const pace =
    phase === 'searching' && wallSeconds > 0 && done > 0 ? `  ${Math.round((done / wallSeconds) * 60)} a minute` : '';
  return `${phase} ${bar} ${done} of ${of}  ${broken} broken${pace}`;
}
