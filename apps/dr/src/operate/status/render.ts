// Status for a terminal of 80 columns: one line a region by its own records, then what AWS says of each.
import { FUNCTIONS } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import { columns } from '../../terminal/columns';
import { isKnown, type Fact } from '../fact';
import { hanging } from '../../terminal/wrapped';
import {
  METRIC_MINUTES,
  type Alerts,
  type AwsParts,
  type Checkers,
  type FunctionCalls,
  type Table,
  type Targets,
} from './aws';
import type { ControlStatus } from './control';
import type { HealthAnswer } from './reader';

const LABEL_WIDTH = 13;

export function renderControl(regions: readonly ControlStatus[]): string {
  const rows = regions.map((one) => [
    one.region,
    one.serves ? 'serves' : 'does not serve',
    one.waitingSince === null ? (one.state ?? 'no record') : 'waiting',
    one.beats ? 'heartbeat' : 'no heartbeat',
    one.reached ? 'reached' : 'not reached',
    one.tableAnswers ? 'table answers' : 'table does not answer',
    ordersOf(one),
  ]);
  return `${columns(rows)}\n`;
}

function ordersOf({ region, waitingSince, openOrder: open, leavingByOrder, lastOrder }: ControlStatus): string {
  if (waitingSince !== null && !open) return `since ${waitingSince} for: dr readmit --region ${region}`;
  if (leavingByOrder !== null) return `leaving by order ${leavingByOrder}`;
  if (open) return `order ${open.number} (${open.kind}, given in ${open.by}) is not decided`;
  return lastOrder ? `order ${lastOrder.number} (${lastOrder.kind}): ${lastOrder.outcome}, ${lastOrder.reason}` : '';
}

export function renderAws({ regions: named }: DrConfig, { regions, global }: AwsParts): string {
  const sections = regions.map((parts, at) =>
    section(`${named[at]?.name ?? ''} (${parts.awsRegion})`, [
      ['/health', told(parts.health, health)],
      ['Route 53', told(parts.healthCheck, checkers)],
      ['targets', told(parts.targets, targets)],
      ['functions', told(parts.functions, functions)],
      ['table', told(parts.table, table)],
      ['alerts', told(parts.alerts, alerts)],
    ]),
  );
  const routing = section(`${global.awsRegion}, where Route 53's alarms are`, [
    ['alerts', told(global.alerts, alerts)],
  ]);
  return [...sections, routing].map((text) => `\n${text}`).join('');
}

const section = (title: string, lines: readonly (readonly [string, string])[]): string =>
  [title, ...lines.flatMap(([label, text]) => hanging(`  ${label.padEnd(LABEL_WIDTH)}`, text)), ''].join('\n');

const told = <T>(fact: Fact<T>, say: (known: T) => string): string =>
  isKnown(fact) ? say(fact.known) : `unknown: ${fact.unknown}. ${fact.toDo}`;

const health = ({ status, reason }: HealthAnswer): string => `answers ${status}${reason === null ? '' : `: ${reason}`}`;

function checkers(known: Checkers): string {
  if (!known) return 'NO HEALTH CHECK of this region';
  const { healthy, checkers: all, isHealthy, failure } = known;
  const share = `${healthy} of ${all} checkers find it healthy`;
  return `${isHealthy ? share : `UNHEALTHY: ${share}`}${failure === null ? '' : `; the others: ${failure}`}`;
}

const targets = (known: Targets): string =>
  Object.entries(known)
    .map(([group, all]) => {
      if (!all) return `${group} NO SUCH GROUP`;
      if (all.length === 0) return `${group} NO TARGET`;
      return `${group} ${all.map(({ state, reason }) => (reason === null ? state : `${state} (${reason})`)).join(' and ')}`;
    })
    .join(', ');

function functions(known: FunctionCalls): string {
  const bad = FUNCTIONS.filter((fn) => known[fn].errors + known[fn].throttles > 0);
  const calls = FUNCTIONS.reduce((sum, fn) => sum + known[fn].invocations, 0);
  const within = `in ${METRIC_MINUTES} minutes`;
  if (bad.length === 0) return `no errors, none throttled, ${calls} calls ${within}`;
  const each = bad.map((fn) => {
    const { errors, throttles, invocations } = known[fn];
    return `${fn} ${errors} ERRORS, ${throttles} THROTTLED, ${invocations} calls`;
  });
  return `${each.join('; ')}, ${within}`;
}

function table({ status, items, replicas }: Table): string {
  const each = replicas.map(
    ({ region, status: its, lagMs }) =>
      `${region} ${its}${lagMs === null ? '' : `, ${(lagMs / 1_000).toFixed(1)} s behind`}`,
  );
  return [`${status}, about ${items} items`, ...each].join('; ');
}

function alerts({ people, functions: told, others }: Alerts): string {
  const who = people.map(({ endpoint, state }) => {
    if (state === 'confirmed') return `${endpoint} confirmed`;
    if (state === 'pending') return `${endpoint} NOT CONFIRMED: gets nothing until the link in its mail is followed`;
    return `${endpoint} NOT SUBSCRIBED: apply again, then confirm`;
  });
  return [
    ...(who.length === 0 ? ['NOBODY is told (alerts in dr.config.ts)'] : who),
    `${told} functions`,
    ...(others > 0 ? [`${others} others that dr.config.ts does not know`] : []),
  ].join('; ');
}
