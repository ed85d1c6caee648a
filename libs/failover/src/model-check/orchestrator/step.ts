// Half a minute of both orchestrators: read, follow, claim and write, send, mark; and what may go wrong in between.
import type { FailoverRecord, OpenTransition } from '@dr/contracts/system';
import type { MachineTiming } from '../../failover-machine';
import type { claimed, followed, incidentNumber, newlyClaimed } from '../../failover-machine-journal';
import { mapTransitions, transitionsOf } from '../../failover-machine-journal';
import {
  CALM_FROM,
  DOWN_AT,
  HEALED_BY,
  MENDED_BY,
  OBSERVERS,
  isDown,
  runsAtAll,
  signsOf,
  timeOf,
  withAlarm,
  type Delivery,
  type Observer,
  type World,
} from './world';

/** The functions under check: the production ones, unless a mutant stands in. */
export interface OrchestratorRules {
  readonly followed: typeof followed;
  readonly claimed: typeof claimed;
  readonly newlyClaimed: typeof newlyClaimed;
  readonly incidentNumber: typeof incidentNumber;
  readonly timing: MachineTiming;
  readonly trusting: boolean;
}

type Death = 'before it sends' | 'after it has sent';

/** What is different from a quiet half minute. */
export interface Disturbance {
  readonly name: string;
  readonly price: 0 | 1;
  readonly alarms?: { readonly to: Observer; readonly fate: 'lost' | 'late' | 'twice' };
  readonly idle?: Observer;
  readonly dies?: { readonly who: Observer; readonly when: Death };
}

const perObserver = (who: Observer): readonly Disturbance[] => [
  { name: `no alarm reaches ${who}`, price: 1, alarms: { to: who, fate: 'lost' } },
  { name: `alarms reach ${who} a minute and a half late`, price: 1, alarms: { to: who, fate: 'late' } },
  { name: `alarms reach ${who} twice`, price: 1, alarms: { to: who, fate: 'twice' } },
  { name: `${who} does not run`, price: 1, idle: who },
  { name: `${who} dies before it sends`, price: 1, dies: { who, when: 'before it sends' } },
  { name: `${who} dies after it has sent`, price: 1, dies: { who, when: 'after it has sent' } },
];

export const DISTURBANCES: readonly Disturbance[] = [
  { name: 'half a minute', price: 0 },
  ...OBSERVERS.flatMap(perObserver),
];

const LATE_STEPS = 3;
const NAMES: readonly string[] = OBSERVERS;

/** undefined: the disturbance has nothing to disturb, or may not happen. */
export function afterStep(rules: OrchestratorRules, world: World, disturbance: Disturbance): World | undefined {
  if (disturbance.price > 0 && world.step >= CALM_FROM) return undefined;
  const delivered = deliver(withAlarm(inTime({ ...world, step: world.step + 1 })), disturbance);
  if (!delivered) return undefined;
  let next = delivered.world;
  for (const observer of OBSERVERS) {
    const heard = delivered.now.filter(({ to }) => to === observer);
    const isMinute = next.step % 2 === (observer === 'A' ? 1 : 0);
    const runs = runsAtAll(next, observer) && (isMinute || heard.length > 0);
    if (disturbance.idle === observer) {
      if (!runs) return undefined;
      continue;
    }
    const dies = disturbance.dies?.who === observer ? disturbance.dies.when : undefined;
    const ran = runs ? orchestrate(rules, next, observer, heard, dies) : next;
    if (dies && ran === next) return undefined;
    next = ran;
  }
  return replicated(next);
}

const withIds = (ids: readonly string[], more: readonly string[]): readonly string[] =>
  [...new Set([...ids, ...more])].sort();

const idOf = ({ transitionId }: OpenTransition): string => transitionId;

const idsIn = (records: World['records'], isMeant = (_: OpenTransition): boolean => true): readonly string[] =>
  OBSERVERS.flatMap((one) => transitionsOf(records[one]).filter(isMeant).map(idOf));

const sentIn = (records: World['records']): readonly string[] => idsIn(records, ({ sentAtMs }) => sentAtMs !== null);

/** Nobody has answered for it; or the regions do not see each other, or did not when one of them recorded it. */
const mayRepeat = ({ unanswered, blind, apart, copies }: World, id: string): boolean =>
  unanswered.includes(id) || apart.includes(id) || (blind && !sentIn(copies).includes(id));

function telling(world: World, claims: readonly OpenTransition[]): World {
  const ids = claims.map(idOf);
  const again = ids.some((id) => world.told.includes(id) && !mayRepeat(world, id));
  return { ...world, told: [...world.told, ...ids], toldAgain: world.toldAgain || again };
}

/** What ends by itself. */
const inTime = (world: World): World => ({
  ...world,
  healedAt: world.step >= HEALED_BY && isDown(world) ? world.step : world.healedAt,
  cutAt: world.step >= MENDED_BY ? null : world.cutAt,
});

function deliver(
  world: World,
  { alarms }: Disturbance,
): { readonly world: World; readonly now: readonly Delivery[] } | undefined {
  const { step, deliveries, lostTo } = world;
  const due = deliveries.filter((delivery) => delivery.step === step);
  const later = deliveries.filter((delivery) => delivery.step > step);
  if (!alarms) return { world: { ...world, deliveries: later }, now: due };
  const hit = due.filter(({ to }) => to === alarms.to);
  if (hit.length === 0) return undefined;
  if (alarms.fate === 'lost' && lostTo !== null && lostTo !== alarms.to) return undefined;
  const again = alarms.fate === 'lost' ? [] : hit.map((delivery) => ({ ...delivery, step: step + LATE_STEPS }));
  return {
    world: { ...world, deliveries: [...later, ...again], lostTo: alarms.fate === 'lost' ? alarms.to : lostTo },
    now: alarms.fate === 'twice' ? due : due.filter((delivery) => !hit.includes(delivery)),
  };
}

/** The same world when nothing was to be sent and it was to die: that makes no difference. */
function orchestrate(
  rules: OrchestratorRules,
  world: World,
  self: Observer,
  heard: readonly Delivery[],
  dies: Death | undefined,
): World {
  const nowMs = timeOf(world.step);
  const before = world.records[self];
  const others = [world.copies[self === 'A' ? 'B' : 'A']];
  const followedRecord = rules.followed(
    before,
    others,
    ['B'],
    {
      heard: () => heard,
      signs: (region, machine) => ({
        ...signsOf(world, self, rules.trusting),
        incidentAt: (atMs) => rules.incidentNumber(region, machine, others, atMs),
      }),
      timing: rules.timing,
    },
    nowMs,
  );
  const after = rules.claimed(followedRecord, others, NAMES, nowMs);
  const mine = rules.newlyClaimed(before, after);
  const written = after === before ? world : withRecord(world, self, after);
  if (mine.length === 0) return dies ? world : withRecord(written, self, marked(after, [], nowMs));
  // A claim of a publisher that dies is open until it expires, and the next in line may take over at that very time.
  const unanswered = dies ? withIds(written.unanswered, mine.map(idOf)) : written.unanswered;
  if (dies === 'before it sends') return { ...written, unanswered };
  const told = telling(written, mine);
  if (dies === 'after it has sent') return { ...told, unanswered };
  return withRecord(told, self, marked(after, mine, nowMs));
}

const withRecord = (world: World, self: Observer, record: FailoverRecord): World => ({
  ...world,
  records: { ...world.records, [self]: record },
});

const marked = (record: FailoverRecord, sent: readonly OpenTransition[], nowMs: number): FailoverRecord =>
  mapTransitions(record, (transition) => {
    const isSent = sent.some(({ transitionId }) => transitionId === transition.transitionId);
    return { ...transition, written: true, sentAtMs: isSent ? nowMs : transition.sentAtMs };
  });

/** Each record has one writer, so of two versions the later one is its newer one. */
function replicated(world: World): World {
  const { copies, records, cutAt, apart, outage } = world;
  if (cutAt !== null) {
    const known = idsIn(copies);
    return {
      ...world,
      apart: withIds(
        apart,
        idsIn(records).filter((id) => !known.includes(id)),
      ),
    };
  }
  if (outage === 'dark' && isDown(world)) return world;
  const sent = sentIn(records);
  return {
    ...world,
    copies: records,
    blind: false,
    unanswered: world.unanswered.filter((id) => !sent.includes(id)),
    apart: apart.filter((id) => !sent.includes(id)),
  };
}

/** In no time: the outage ends; the regions lose sight of each other, and find it again. */
export const INSTANT: readonly {
  readonly name: string;
  readonly price: 0 | 1;
  readonly apply: (world: World) => World | undefined;
}[] = [
  {
    name: 'B is back',
    price: 0,
    apply: (world) => (isDown(world) && world.step > DOWN_AT ? { ...world, healedAt: world.step } : undefined),
  },
  {
    name: 'A and B lose sight of each other',
    price: 1,
    apply: (world) =>
      world.cutAt === null && world.step < CALM_FROM
        ? { ...world, cutAt: world.step, blind: true, wasCut: true }
        : undefined,
  },
  {
    name: 'A and B see each other again',
    price: 0,
    apply: (world) => (world.cutAt === null ? undefined : { ...world, cutAt: null }),
  },
];
