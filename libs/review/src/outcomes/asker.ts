// What becomes of one asker when a region is lost: where it was led before, where it is led once all has settled, and how soon.
import { CLIENT_WAIT_TOTAL_SECONDS } from '@dr/failover';
import { isHealthyRecord, type Asker, type DnsRecord, type HealthView } from '@dr/stack';
import type { Stack } from '../rules/rule';
import type { Cause, CauseKind } from './cause';
import { causesOf } from './causes';
import { assumptionsOf } from './assumptions';
import { findEnd, type Led } from './ends';
import type { Loss, Span } from './outcome';
import { reached, type Reached } from './reach';
import { viewOf, type Settled } from './standing';
import { detectionOf, evaluationOf, quickest, ttlOf, widest, withClient, type Detection } from './timing';

export interface AskerOutcome {
  readonly kind: 'unaffected' | 'recovers' | 'never' | 'partly' | 'manual' | 'unknown';
  readonly span: Span | null;
  /** How the span comes about. */
  readonly how: string;
  readonly causes: readonly Cause[];
  /** What is to be known of clients that recover. */
  readonly remarks: readonly Cause[];
  readonly assumptions: readonly string[];
}

/** Before and under a loss. */
export interface Situation {
  readonly stack: Stack;
  readonly loss: Loss;
  readonly rest: Settled;
  readonly lost: Settled;
}

export function outcomeOf(domain: string, asker: Asker, situation: Situation): AskerOutcome {
  const { stack, loss, rest, lost } = situation;
  const [before, after] = [viewOf(stack, rest.verdicts, undefined), viewOf(stack, lost.verdicts, loss)];
  const led = (view: HealthView): readonly Led[] =>
    reached(domain, asker, stack, view).map((by) => ({ by, end: findEnd(stack, by, asker, loss) }));
  const [was, is] = [led(before), led(after)];
  const unaffected = { kind: 'unaffected', span: null, how: '', causes: [], remarks: [], assumptions: [] } as const;
  const open = [...was, ...is].flatMap(({ by }) => by.choices).flatMap(({ among }) => among.flatMap(notModelled));
  if (open.length > 0) return { ...unaffected, kind: 'unknown', causes: open.slice(0, 1) };
  // Whoever gets no answer at rest loses none.
  if (was.every(({ by }) => !by.endpoint && !by.leadsOut)) return unaffected;
  const unknown = [...was, ...is].find(({ end }) => end.state === 'unknown');
  if (unknown?.end.cause) return { ...unaffected, kind: 'unknown', causes: [unknown.end.cause] };
  if (![...was, ...is].some(({ end }) => end.isHit)) return unaffected;
  const restless = lost.restless.filter((id) => decides(id, [...was, ...is]));
  if (restless.length > 0) return { ...unaffected, kind: 'never', causes: restless.map((id) => flaps(stack, id)) };
  const dead = is.filter(({ end }) => end.state === 'dead');
  const causes = dead.flatMap(({ by, end }) => (end.cause === undefined ? causesOf(stack, by, after) : [end.cause]));
  if (causes.some(({ kind }) => NOT_TOLD.has(kind))) return { ...unaffected, kind: 'unknown', causes };
  if (dead.length === is.length) return { ...unaffected, kind: isManual(causes) ? 'manual' : 'never', causes };
  const part = is.filter(({ end }) => end.state === 'part');
  const { span, how } = spanOf(was, situation, [before, after]);
  const remarks = span?.worst === null ? was.filter(({ end }) => end.isHit).flatMap(({ by }) => unpublished(by)) : [];
  const kind = dead.length > 0 || part.length > 0 ? 'partly' : 'recovers';
  return {
    kind,
    span,
    how,
    causes: [...causes, ...part.flatMap(({ end }) => end.cause ?? [])],
    remarks,
    assumptions: assumptionsOf(is, span, loss),
  };
}

/** Which records of a set are answered cannot be told. */
function notModelled({ address, policy, unknown }: DnsRecord): readonly Cause[] {
  if (policy.kind !== 'other') return [];
  const reason = unknown.find(({ path }) => path.startsWith(policy.argument))?.reason;
  const why =
    reason === undefined
      ? `has ${policy.argument}, whose answers are not modelled here`
      : `has a routing policy that nobody can tell before an apply: ${reason}`;
  return [{ kind: 'unknown', address, why }];
}

/** With more files it might be otherwise. */
const NOT_TOLD: ReadonlySet<CauseKind> = new Set(['unknown', 'set-may-go-on-elsewhere']);

const isManual = (causes: readonly Cause[]): boolean =>
  causes.some(({ kind }) => kind === 'routing-control-waits-for-a-person' || kind === 'standby-runs-nothing');

/** Of the choice that is moved by `evaluate_target_health` alone. */
const unpublished = ({ choices }: Reached): readonly Cause[] =>
  choices
    .filter(({ among, record: { evaluateTargetHealth, healthCheckId, unknown } }) => {
      const isUnchecked = healthCheckId === undefined && !unknown.some(({ path }) => path === 'health_check_id');
      return among.length > 1 && isUnchecked && evaluateTargetHealth;
    })
    .map(({ record: { address } }) => ({
      kind: 'detection-time-is-not-published',
      address,
      why: 'has no health check: clients are moved by evaluate_target_health alone, and AWS publishes no time for it',
    }));

/** Is the check that of a record that the name chooses among? One that counts a restless check comes to no rest either. */
const decides = (id: string, led: readonly Led[]): boolean =>
  led.some(({ by }) => by.choices.some(({ among }) => among.some(({ healthCheckId }) => healthCheckId === id)));

function flaps({ checks }: Stack, id: string): Cause {
  const address = checks.get(id)?.address ?? id;
  const why =
    'asks a name whose answer it decides itself: it goes from one verdict to the other, and AWS calls the result unpredictable';
  return { kind: 'health-check-asks-the-name-it-decides-on', address, why };
}

/** Of those whose way was hit: the first choice on it that changes, or the endpoint that moves them itself. */
function spanOf(
  was: readonly Led[],
  situation: Situation,
  views: readonly [HealthView, HealthView],
): { span: Span | null; how: string } {
  const spans = was
    .filter(({ end }) => end.isHit)
    .map(({ by, end }) =>
      end.span === undefined ? movedBy(by, situation, views) : { span: end.span, how: end.how ?? '' },
    );
  return { span: widest(spans.map(({ span }) => span)), how: spans.map(({ how }) => how).sort()[0] ?? '' };
}

function movedBy(
  { choices }: Reached,
  situation: Situation,
  views: readonly [HealthView, HealthView],
): { span: Span | null; how: string } {
  const found = choices
    .filter(({ among }) => among.length > 1)
    .flatMap(({ record }) => {
      const detection = changeOf(record, situation, views);
      if (!detection) return [];
      const ttl = ttlOf(record, situation.stack);
      const span = withClient(detection, ttl);
      const sum = span.worst === null ? '' : ` = ${span.worst} s`;
      return [{ ...span, how: `${detection.arithmetic} + TTL ${ttl} + ${CLIENT_WAIT_TOTAL_SECONDS}${sum}` }];
    });
  const [first] = [...found].sort((a, b) => (a.worst ?? Infinity) - (b.worst ?? Infinity));
  if (!first) return { span: null, how: 'when, is not known' };
  return { span: { best: Math.min(...found.map(({ best }) => best)), worst: first.worst }, how: first.how };
}

/** How soon Route 53 takes the record for unhealthy; undefined where it does not. */
function changeOf(
  record: DnsRecord,
  { stack, rest, lost, loss }: Situation,
  views: readonly [HealthView, HealthView],
): Detection | undefined {
  const [before, after] = views;
  if (!isHealthyRecord(record, before) || isHealthyRecord(record, after)) return undefined;
  const check = stack.checks.get(record.healthCheckId ?? '');
  const ways: Detection[] = [];
  if (check && rest.verdicts.get(check.id) !== lost.verdicts.get(check.id))
    ways.push(detectionOf(check, stack, [rest.verdicts, lost.verdicts], loss));
  if (record.evaluateTargetHealth && record.target !== undefined) {
    const endpoint = stack.names.endpoint(record.target);
    if (endpoint && after.endpoint(record.target) === false) ways.push(evaluationOf(stack, endpoint, loss));
    // An alias to records is unhealthy when the last of them is.
    const behind = endpoint ? [] : stack.names.recordsOf(record.target);
    const found = behind.flatMap((one) => changeOf(one, { stack, rest, lost, loss }, views) ?? []);
    const slowest = [...found].sort((a, b) => (b.worst ?? Infinity) - (a.worst ?? Infinity))[0];
    if (slowest) ways.push(slowest);
  }
  return quickest(ways);
}
