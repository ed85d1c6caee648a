// What would break failover without a word from AWS: checks on the JSON, run at every synth.
import { InputError } from '@dr/contracts';
import { awsRegionOf, resourcesOf, type Resource, type StackJson } from './stack-json';

/** Throws InputError with the address of the first offence. */
export function checkTraffic(stack: StackJson): void {
  const resources = resourcesOf(stack);
  const ofType = (type: string): Resource[] => resources.filter((r) => r.type === type);
  for (const check of ofType('aws_route53_health_check')) checkMeetsNoRedirect(check, ofType('aws_lb_listener'));
  for (const record of ofType('aws_route53_record')) checkHasHealthCheck(record);
  for (const alarm of ofType('aws_cloudwatch_metric_alarm')) checkTopicIsNear(stack, alarm, ofType('aws_sns_topic'));
}

/** A redirect counts as healthy, so a check that meets one never fails (behaviour HC-13). */
function checkMeetsNoRedirect({ address, properties }: Resource, listeners: readonly Resource[]): void {
  const redirect = listeners.find(
    (l) =>
      l.properties['port'] === properties['port'] &&
      String(properties['type']).startsWith(String(l.properties['protocol'])) &&
      JSON.stringify(l.properties['default_action']).includes('"type":"redirect"'),
  );
  if (!redirect) return;
  throw new InputError(
    `${address}: ${String(properties['type'])} on port ${String(properties['port'])}`,
    `meets the redirect of ${redirect.address}: Route 53 finds a redirect healthy with every function dead`,
    'Check HTTPS on port 443',
  );
}

/** A record without a health check is always healthy (behaviour DNS-01). */
function checkHasHealthCheck({ address, properties }: Resource): void {
  if (properties['set_identifier'] === undefined || properties['health_check_id'] !== undefined) return;
  throw new InputError(`${address}: health_check_id`, 'is missing, so Route 53 would never take it out', 'Give it one');
}

/** An alarm can publish only to a topic of its own region (behaviour CW-04). */
function checkTopicIsNear(stack: StackJson, alarm: Resource, topics: readonly Resource[]): void {
  const region = awsRegionOf(stack, alarm);
  const actions = JSON.stringify([alarm.properties['alarm_actions'], alarm.properties['ok_actions']]);
  const far = topics.find((t) => actions.includes(`\${${t.address}.`) && awsRegionOf(stack, t) !== region);
  if (!far) return;
  throw new InputError(
    `${alarm.address}: alarm_actions`,
    `names ${far.address} in ${awsRegionOf(stack, far)}, but the alarm is in ${region}`,
    'Use the topic of the region that the alarm is in',
  );
}
