// The report of a game day: what was asked, what the twin had shown before, what clients of the applied system met.
import type { GameDayReport as Document } from '../../report/game-day';
import type { GameDayRecord } from '../../report/game-day-record';
import { titled } from '../../words/figures';
import { Objectives } from './objectives';
import { settingFacts, Sheet, type Fact } from './sheet';

export function GameDayReport({ report }: { report: Document }) {
  const { gameDay, objectives } = report;
  const isEmulated = gameDay.where === 'emulated';
  return (
    <Sheet
      report={report}
      what={isEmulated ? 'Game day, emulated' : 'Game day, measured on AWS'}
      lead={
        (isEmulated
          ? `What answered was no AWS, but what is at ${gameDay.endpoint ?? 'an endpoint of its own'}: the last column is no measurement of AWS. `
          : 'The region of the applied system was taken out of service on purpose, measured from outside by clients, and put back. ') +
        'The twin ran the same fault first.'
      }
      settings={[...gameDayFacts(gameDay), ...settingFacts(gameDay.settings ?? null)]}
      noReplay=""
      replayNote={`What the twin had shown before; the SHA-256 of its events is ${gameDay.twin.eventLogHash}. A game day itself cannot be replayed.`}
    >
      <Objectives lines={objectives} {...measuredTitle(gameDay)} />
    </Sheet>
  );
}

export const measuredTitle = (record: GameDayRecord | undefined) => ({
  measured: record?.where === 'emulated' ? 'Measured, emulated' : 'Measured on AWS',
});

/** What was done, where, and by whom. */
export function gameDayFacts(record: GameDayRecord): Fact[] {
  const { fault, twin, region, awsRegion, durationSeconds, undoneBy } = record;
  const ended = { dr: ', ended by dr', aws: ', ended by AWS itself' };
  return [
    ['Name', record.name],
    ['System', `${record.system}, ${record.domain}`],
    ['Account', record.account],
    ['Held by', record.by],
    ['Region', `${titled(region)} (${awsRegion})`],
    ['Fault', `${fault} for ${durationSeconds} s; on the twin ${twin.fault}`],
    ['Began', record.startedAt],
    [
      'Under the fault',
      record.faultAt === null
        ? 'never'
        : `${record.faultAt} to ${record.healedAt ?? 'not recorded'}${undoneBy === null ? '' : ended[undoneBy]}`,
    ],
    ['Twin, verdict', twin.passed ? 'passed' : 'failed'],
  ];
}
