// The page of a report that has no log of its own: the frame of the player, without its tabs.
import type { DrillsReport as OfDrills } from '../report/drills';
import type { GameDayReport as OfGameDay } from '../report/game-day';
import { DrillsReport } from './report/drills';
import { GameDayReport } from './report/game-day';
import { useTheme } from './theme';

export function ReportPage({ report }: { report: OfDrills | OfGameDay }) {
  const turn = useTheme();
  const { commit } = report.provenance;
  return (
    <>
      <header class="top">
        <b>dr</b>
        <p class="meta">
          <span>{report.of === 'drills' ? 'drills' : 'game day'}</span>
          <span>
            commit <code>{commit ?? 'not recorded'}</code>
          </span>
        </p>
        <button type="button" class="button" onClick={turn}>
          Theme
        </button>
      </header>
      {report.of === 'drills' ? <DrillsReport report={report} /> : <GameDayReport report={report} />}
    </>
  );
}
