// The report for people, of a region that is gone for good: what went with it, what cannot be changed, and the plan.
import type { Aftermath } from '@dr/contracts';
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
    `To be redundant again in ${plan.region.name} (${plan.region.awsRegion})`,
    ...columns(
      plan.steps.map(({ step, seconds, basis, alongside }, at) => [
        `  ${at + 1}`,
        lasting(seconds),
        basis,
        `${step}${alongside ? ' (alongside)' : ''}`,
      ]),
      [1],
    ).split('\n'),
    ...plan.steps.flatMap(({ command }, at) => (command === null ? [] : [`  ${at + 1}: ${command}`])),
    ...plan.steps.map(({ source }, at) => `  ${at + 1}: ${source}`),
    '',
    conclusion(plan),
  ].join('\n');
}

function conclusion({
  region,
  redundantAfterSeconds,
  withoutRedundancySeconds,
  servingMeanwhile,
}: Aftermath['plan']): string {
  if (redundantAfterSeconds === null) return `${region.name} never came to serve on the twin: the plan does not end.`;
  const after = `Redundant again ${lasting(redundantAfterSeconds)} after the loss`;
  return withoutRedundancySeconds === 0
    ? `${after}; meanwhile ${servingMeanwhile.join(', ')} serve, so one more loss is no outage.`
    : `${after}. For ${lasting(withoutRedundancySeconds ?? redundantAfterSeconds)} ${servingMeanwhile.join(', ')} serves alone: one more loss is an outage.`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 || what === 'more' ? '' : 's'}`;

/** `47 min 30 s`, `3 h 5 min`. */
export function lasting(seconds: number | null): string {
  if (seconds === null) return 'never';
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}
