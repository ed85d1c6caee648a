// The page of a report that has no log of its own: the frame of the player, without its tabs.
import type { DrillsReport as OfDrills } from '../report/drills';
import type { GameDayReport as OfGameDay } from '../report/game-day';
import type { ReviewReport as OfReview } from '../report/review';
import { DrillsReport } from './report/drills';
import { GameDayReport } from './report/game-day';
import { ReviewReport } from './report/review';
import { useTheme } from './theme';

export function ReportPage({ report }: { report: OfDrills | OfGameDay | OfReview }) {
  const turn = useTheme();
  const { commit, program } = report.provenance;
  return (
    <>
      <header class="top">
        <b>dr</b>
        <p class="meta">
          <span>{report.of === 'game-day' ? 'game day' : report.of}</span>
          {report.of === 'review' ? (
            <span>{program}</span>
          ) : (
            <span>
              commit <code>{commit ?? 'not recorded'}</code>
            </span>
          )}
        </p>
        <button type="button" class="button" onClick={turn}>
          Theme
        </button>
      </header>
      {report.of === 'drills' ? <DrillsReport report={report} /> : null}
      {report.of === 'game-day' ? <GameDayReport report={report} /> : null}
      {report.of === 'review' ? <ReviewReport report={report} /> : null}
    </>
  );
}
