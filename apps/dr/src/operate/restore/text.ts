// A restore in words: what was made, compared and found, the plan item by item, and what to do next.
import { columns } from '../../terminal/columns';
import { onOneLine } from '../../terminal/printable';
import type { RestoreReport } from './report';
import type { RestoreFlags } from './request';
import { deletion } from './restored-table';

/** Items that are named; --json has all of them. */
const SHOWN = 50;

const count = (n: number): string => n.toLocaleString('en-US');
const many = (n: number, one: string, more = `${one}s`): string => `${count(n)} ${n === 1 ? one : more}`;

export function renderRestore(report: RestoreReport, flags: RestoreFlags): string {
  const lines = [made(report), compared(report), found(report), planned(report), ...written(report)];
  return [...lines.map(onOneLine), '', ...items(report), ...next(report, flags).map(onOneLine), ''].join('\n');
}

const made = ({ table, region, to, restored }: RestoreReport): string =>
  `Restored  ${table} of ${region} as of ${to} is ${restored.table}` +
  (restored.wasThere ? ', which was there already' : '') +
  (restored.seconds > 0 ? `, after ${many(restored.seconds, 'second')}` : '');

function compared({ compared: { asOf, seconds, versionsNow, versionsThen, named } }: RestoreReport): string {
  const what =
    named === null
      ? `${count(versionsNow ?? 0)} versions of now with ${count(versionsThen ?? 0)} of then`
      : `${many(named, 'item')} that ${named === 1 ? 'is' : 'are'} named`;
  return `Compared  ${what}, as of ${asOf}, in ${seconds.toFixed(1)} s; what was written since then was left out`;
}

function found({ found: { versions, items: of, added, altered, gone, late } }: RestoreReport): string {
  if (versions === 0) return 'Found     every version is as it was';
  const onTheWay = late > 0 ? ` (${count(late)} of them stamped by then: on their way, or forged)` : '';
  return (
    `Found     ${many(versions, 'version')} of ${many(of, 'item')} not as they were: ` +
    `${count(added)} added${onTheWay}, ${count(altered)} altered, ${count(gone)} gone`
  );
}

function planned({ items: { toWrite, same, changed, unknown } }: RestoreReport): string {
  const rest = [
    `${count(same)} show what they showed`,
    ...(changed > 0 ? [`${count(changed)} were written to meanwhile and are left alone`] : []),
    ...(unknown > 0 ? [`${count(unknown)} are in neither state`] : []),
  ];
  return `Plan      ${many(toWrite, 'item gets', 'items get')} one new version each; ${rest.join(', ')}`;
}

const written = ({ written: outcome }: RestoreReport): string[] =>
  outcome
    ? [
        `Written   ${many(outcome.written, 'new version')} in ${outcome.seconds.toFixed(1)} s; ${count(outcome.already)} had it already, ` +
          `${count(outcome.changed)} were written to meanwhile and were left alone`,
      ]
    : [];

function items({ plan }: RestoreReport): string[] {
  if (plan.length === 0) return [];
  const rows = plan.slice(0, SHOWN).map(({ id, action, outcome, now, then, versions }) => {
    const of = (kind: string): number => versions.filter((one) => one.kind === kind).length;
    const counts = ['added', 'altered', 'gone'].filter((kind) => of(kind) > 0).map((kind) => `${of(kind)} ${kind}`);
    return [id, outcome ?? action, now ?? 'nothing', then ?? 'nothing', counts.join(', ')];
  });
  const more = plan.length > SHOWN ? [`and ${many(plan.length - SHOWN, 'more item')}; --json names them all`] : [];
  return [columns([['item', '', 'shows', 'showed', 'versions'], ...rows]), ...more, ''];
}

function next(
  { awsRegion, restored, items: of, written: outcome, left }: RestoreReport,
  flags: RestoreFlags,
): string[] {
  const away = `${restored.table} costs as any table. When nobody needs it any more: ${deletion(awsRegion, restored.table)}`;
  if (outcome)
    return left > 0
      ? [
          `${many(left, 'item')} not written back: somebody has written to them since. Look at them, then plan again without --yes.`,
          away,
        ]
      : [away];
  if (of.toWrite === 0) return ['Nothing was written, and nothing has to be.', away];
  const kept =
    flags.progress === undefined
      ? ' With --progress FILE it would carry out this very plan; without, it makes one anew.'
      : '';
  return [`Nothing was written. To write back: the same command with --yes.${kept}`, away];
}
