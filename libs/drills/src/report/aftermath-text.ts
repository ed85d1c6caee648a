// The report for people, of a region that is gone for good: what went with it, what cannot be changed, and the plan.
import { lasting, outlook, type Aftermath } from '@dr/contracts';
import { columns } from './columns';

const SHOWN = 5;

export function aftermathText({ lost, degraded, plan }: Aftermath): string {
  const named = lost.versions.slice(0, SHOWN).map(({ id, timestamp }) => `  ${id} @ ${timestamp}`);
  const more = lost.writes > SHOWN ? [`  and ${lost.writes - SHOWN} more (--json names each)`] : [];
  return [
    lost.writes === 0
      ? 'No acknowledged write is lost.'
      : `${counted(lost.writes, 'acknowledged write')} ${lost.writes === 1 ? 'is' : 'are'} lost for good: no other region had ${lost.writes === 1 ? 'it' : 'them'}`,
    ...named,
    ...more,
    ...(lost.apart === 0
      ? []
      : [`${counted(lost.apart, 'more')} are in some of the regions that are left, and not in all`]),
    '',
    'While the region is gone',
    ...degraded.flatMap(({ what, state, why, remedy, source }) => [
      `  ${state}: ${what}`,
      `    ${why}`,
      `    ${remedy}${source === null ? '' : ` (${source})`}`,
    ]),
    '',
    plan.servingMeanwhile.length > 1
      ? `To have ${plan.servingMeanwhile.length + 1} regions again, with ${plan.region.name} (${plan.region.awsRegion})`
      : `To be redundant again in ${plan.region.name} (${plan.region.awsRegion})`,
    ...columns(
      plan.steps.map(({ step, seconds, basis, alongside }, at) => [
        `  ${at + 1}`,
        lasting(seconds),
        basis,
        `${step}${alongside ? ' (alongside)' : ''}`,
      ]),
      [1],
    ).split('\n'),
    ...plan.steps.map(({ source }, at) => `  ${at + 1}: ${source}`),
    ...plan.steps.flatMap(({ command }, at) =>
      command === null ? [] : ['', `  ${at + 1}`, ...command.split('\n').map((line) => `    ${line}`)],
    ),
    '',
    outlook(plan),
  ].join('\n');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 || what === 'more' ? '' : 's'}`;
