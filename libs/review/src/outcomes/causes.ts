// Why somebody is still led to what is dead: the record or the health check that does not notice.
import { isHealthyRecord, openRecords, readNames, type DnsRecord, type Endpoint, type HealthView } from '@dr/stack';
import type { Resource } from '@dr/terraform-json';
import type { Stack } from '../rules/rule';
import type { Cause } from './cause';
import type { Choice, Reached } from './reach';
import { idleAt } from './standing';

/** Of the choices on the way: which healthy record should not be, or why none of its set could be left out. */
export function causesOf(stack: Stack, { choices }: Reached, view: HealthView): readonly Cause[] {
  const forked = choices.filter(({ among }) => among.length > 1);
  // Records behind a name with a choice only lead on: it is the choice that would have to change.
  const deciding = forked.length > 0 ? forked : choices.slice(0, 1);
  return deciding.map((choice) => {
    const open =
      choice.among.length === 1 && choice.record.policy.kind !== 'simple' ? openRecords(stack.graph)[0] : undefined;
    if (open) return mayBeBeside(open.address, choice);
    return isAlone(stack, choice)
      ? goesOnElsewhere(choice)
      : isHealthyRecord(choice.record, view)
        ? blindnessOf(stack, choice.record)
        : (asleepBeside(stack, choice) ?? lastResort(choice));
  });
}

/** Another record of the set would be answered if something ran behind it. */
function asleepBeside({ graph, names }: Stack, { record, among }: Choice): Cause | undefined {
  for (const { target } of among.filter((one) => one !== record)) {
    const endpoint = target === undefined ? undefined : names.endpoint(target);
    const [idle] = endpoint ? idleAt(graph, endpoint) : [];
    if (endpoint && idle) return asleep(idle, endpoint);
  }
  return undefined;
}

/** Of what is scaled to zero behind an endpoint. */
export function asleep({ address }: Resource, { resource, awsRegion }: Endpoint): Cause {
  const why = `is scaled to zero, and nothing else is behind ${resource.address}: ${awsRegion ?? 'its region'} answers nobody until somebody starts it`;
  return { kind: 'standby-runs-nothing', address, why };
}

const mayBeBeside = (address: string, { record: { name } }: Choice): Cause => ({
  kind: 'unknown',
  address,
  why: `may be another record of ${name}: its name cannot be told before an apply`,
});

/** One record of a set, in a zone that another configuration owns and may write the others to. */
const isAlone = ({ graph }: Stack, { record, among }: Choice): boolean =>
  among.length === 1 &&
  // Its IPv4 records tell whether the set of its IPv6 records is whole.
  readNames(graph).recordsOf(record.name).length < 2 &&
  record.policy.kind !== 'simple' &&
  !graph.ofType('aws_route53_zone').some((zone) => graph.attribute(zone, 'zone_id') === record.zoneId);

const goesOnElsewhere = ({ record: { address, name } }: Choice): Cause => ({
  kind: 'set-may-go-on-elsewhere',
  address,
  why: `is the only record of ${name} here, and its routing policy is for several: the others may be in files that were not given`,
});

function lastResort({ record: { address, policy }, among }: Choice): Cause {
  if (policy.kind === 'geolocation') {
    const why = 'is answered although it is unhealthy: no record of a larger place is healthy, or there is none';
    return { kind: 'location-has-nowhere-to-go', address, why };
  }
  const why = among.length > 1 ? 'is answered although it is unhealthy: so is every other' : 'has no record beside it';
  return { kind: 'nothing-else-to-answer', address, why };
}

function blindnessOf({ checks }: Stack, record: DnsRecord): Cause {
  const check = checks.get(record.healthCheckId ?? '');
  if (!check) return withoutCheck(record);
  const { address, isDisabled, isInverted, source } = check;
  const { address: of } = record;
  if (isDisabled) return { kind: 'health-check-is-disabled', address, why: `is disabled: ${of} counts as healthy` };
  if (isInverted)
    return {
      kind: 'health-check-is-inverted',
      address,
      why: `is inverted: ${of} is healthy while its endpoint is not`,
    };
  if (source.kind === 'routing-control')
    return {
      kind: 'routing-control-waits-for-a-person',
      address,
      why: `follows a routing control: ${of} is healthy until a person turns it`,
    };
  if (source.kind === 'metric')
    return {
      kind: 'metric-check-is-healthy-without-data',
      address,
      why: `follows an alarm in ${source.awsRegion}, and says ${source.insufficient} when that has no data: ${of} stays healthy`,
    };
  if (source.kind === 'calculated') {
    const why = `asks for ${source.threshold} healthy checks of ${source.children.length}, and has them: ${of} stays healthy`;
    return { kind: 'calculated-check-stays-healthy', address, why };
  }
  return { kind: 'health-check-does-not-notice', address, why: `does not notice it: ${of} stays healthy` };
}

function withoutCheck({ address, evaluateTargetHealth, policy, unknown }: DnsRecord): Cause {
  const untold = unknown.find(({ path }) => path === 'health_check_id');
  if (untold)
    return {
      kind: 'unknown',
      address,
      why: `has a health check that nobody can tell before an apply: ${untold.reason}`,
    };
  if (evaluateTargetHealth) {
    const why = 'has no health check, and evaluate_target_health does not notice this';
    return { kind: 'target-health-does-not-notice', address, why };
  }
  const why = 'has no health check and does not evaluate its target: Route 53 takes it for healthy';
  const isPlace = policy.kind === 'geolocation' && (policy.country ?? policy.continent) !== undefined;
  return { kind: isPlace ? 'location-is-pinned' : 'record-without-health-check', address, why };
}
