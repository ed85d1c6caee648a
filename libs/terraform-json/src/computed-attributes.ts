// Attributes that AWS would compute (arn, id, dns_name ...), given deterministic values: the same address, the same value.
import { createHash } from 'node:crypto';
import { isMap, isOpaque, mapOf, Placeholder, Unknown, type Value } from './values';
import { TWIN_ACCOUNT_ID, type Resource } from './graph';

/** What the rules below may ask of a resource: its own stored values. */
export interface Known {
  readonly resource: Pick<Resource, 'address' | 'type' | 'name' | 'awsRegion'>;
  /** A stored value as a string; '' when absent, and a text that stands for it when it is unknown. */
  text(attribute: string): string;
  /** Name of the hosted zone that `zone_id` refers to; '' when it is not in the stack. */
  zoneName(): string;
  /** A stored value as it is. */
  value(attribute: string): Value;
}

/** A value that is AWS's own to the letter; every other text of a rule only stands for what AWS will draw. */
class Certain {
  constructor(readonly value: Value) {}
}

const certain =
  (rule: Rule): Rule =>
  (known) =>
    new Certain(rule(known));

type Rule = (known: Known) => unknown;

/** 16 hex digits that stand for what AWS would have drawn. */
const token = (known: Known, length = 16): string => sha(known.resource.address, length);

const sha = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

const namesIn = (value: Value): readonly string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];

/** What a first apply publishes: version 1, or nothing but the code as it is. */
const publishedVersion = (k: Known): string => {
  const publish = k.value('publish');
  return publish === true || publish === 'true' ? '1' : '$LATEST';
};

const arn =
  (service: string, path: (known: Known) => string, regional = true): Rule =>
  (known) =>
    `arn:aws:${service}:${regional ? known.resource.awsRegion : ''}:${TWIN_ACCOUNT_ID}:${path(known)}`;

const stored = (attribute: string): Rule => certain((known) => known.value(attribute));

const named = (known: Known): string => known.text('name') || known.resource.name;

const lambdaArn = arn('lambda', (k) => `function:${k.text('function_name')}`);
const lbArn = arn('elasticloadbalancing', (k) => `loadbalancer/app/${named(k)}/${token(k)}`);
const targetGroupArn = arn('elasticloadbalancing', (k) => `targetgroup/${named(k)}/${token(k)}`);
const listenerArn = (kind: string): Rule =>
  arn('elasticloadbalancing', (k) => `${kind}/app/${k.resource.name}/${token(k)}`);
const acceleratorArn = arn('globalaccelerator', (k) => `accelerator/${token(k, 32)}`, false);
const acceleratorListenerArn: Rule = (k) => `${k.text('accelerator_arn')}/listener/${token(k, 8)}`;
const endpointGroupArn: Rule = (k) => `${k.text('listener_arn')}/endpoint-group/${token(k, 12)}`;
const topicArn = arn('sns', named);
const secretArn = arn('secretsmanager', (k) => `secret:${named(k)}-${token(k, 6)}`);
const keyArn = arn('kms', (k) => `key/${token(k, 32)}`);
const queueUrl: Rule = (k) => `https://sqs.${k.resource.awsRegion}.amazonaws.com/${TWIN_ACCOUNT_ID}/${named(k)}`;
const alarm = { arn: arn('cloudwatch', (k) => `alarm:${k.text('alarm_name')}`), id: stored('alarm_name') };
const ownRegion = certain((k) => k.resource.awsRegion);
const zoneId: Rule = (k) => `Z${token(k, 13).toUpperCase()}`;
/** Stored where the stack gives it: a zone may be looked up by its id. */
const zoneIdOf = (k: Known): string => k.text('zone_id') || String(zoneId(k));
const zone = {
  zone_id: zoneIdOf,
  id: zoneIdOf,
  arn: (k: Known) => `arn:aws:route53:::hostedzone/${zoneIdOf(k)}`,
  name_servers: () => ['org', 'com', 'net', 'co.uk'].map((top, i) => `ns-${i}.awsdns-0${i}.${top}`),
  primary_name_server: () => 'ns-0.awsdns-00.org',
};

const RULES: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  aws_lambda_function: {
    arn: lambdaArn,
    id: stored('function_name'),
    version: certain(publishedVersion),
    qualified_arn: (k) => `${String(lambdaArn(k))}:${publishedVersion(k)}`,
  },
  terraform_data: { id: (k) => token(k, 32) },
  aws_lambda_alias: { arn: (k) => aliasArn(k), id: (k) => aliasArn(k) },
  aws_lb: {
    arn: lbArn,
    id: lbArn,
    arn_suffix: (k) => `app/${named(k)}/${token(k)}`,
    dns_name: (k) => `${named(k)}-${token(k, 9)}.${k.resource.awsRegion}.elb.amazonaws.com`,
    zone_id: (k) => `ZELB${k.resource.awsRegion.toUpperCase().replace(/-/g, '')}`,
  },
  aws_lb_target_group: {
    arn: targetGroupArn,
    id: targetGroupArn,
    arn_suffix: (k) => `targetgroup/${named(k)}/${token(k)}`,
  },
  aws_lb_listener: { arn: listenerArn('listener'), id: listenerArn('listener') },
  aws_lb_listener_rule: { arn: listenerArn('listener-rule'), id: listenerArn('listener-rule') },
  aws_globalaccelerator_accelerator: {
    arn: acceleratorArn,
    id: acceleratorArn,
    dns_name: (k) => `a${token(k)}.awsglobalaccelerator.com`,
    // Of all accelerators (Route 53 API reference, AliasTarget).
    hosted_zone_id: certain(() => 'Z2BJ6XQ5FK7U4H'),
  },
  aws_globalaccelerator_listener: { arn: acceleratorListenerArn, id: acceleratorListenerArn },
  aws_globalaccelerator_endpoint_group: { arn: endpointGroupArn, id: endpointGroupArn },
  aws_dynamodb_table: {
    arn: arn('dynamodb', (k) => `table/${named(k)}`),
    id: named,
    stream_arn: arn('dynamodb', (k) => `table/${named(k)}/stream/2026-01-05T00:00:00.000`),
  },
  aws_dynamodb_table_replica: {
    arn: arn('dynamodb', (k) => k.text('global_table_arn').split(':').slice(5).join(':')),
    id: replicaId,
  },
  aws_sns_topic: { arn: topicArn, id: topicArn },
  aws_iam_role: { arn: arn('iam', (k) => `role/${named(k)}`, false), id: named, unique_id: (k) => token(k) },
  aws_iam_policy: { arn: arn('iam', (k) => `policy/${named(k)}`, false), id: named },
  aws_kms_key: { arn: keyArn, id: (k) => token(k, 32), key_id: (k) => token(k, 32) },
  aws_kms_alias: { arn: arn('kms', named), target_key_arn: stored('target_key_id') },
  aws_cloudwatch_event_bus: { arn: arn('events', (k) => `event-bus/${named(k)}`), id: named },
  aws_cloudwatch_event_rule: {
    arn: arn('events', (k) => `rule/${onBus(k)}${named(k)}`),
    id: (k) => `${onBus(k)}${named(k)}`,
  },
  aws_cloudwatch_log_group: { arn: arn('logs', (k) => `log-group:${named(k)}`), id: named },
  aws_cloudwatch_metric_alarm: alarm,
  aws_cloudwatch_composite_alarm: alarm,
  aws_secretsmanager_secret: { arn: secretArn, id: secretArn },
  aws_sqs_queue: { arn: arn('sqs', named), id: queueUrl, url: queueUrl },
  aws_route53_zone: zone,
  aws_route53_health_check: { id: (k) => token(k, 32), arn: (k) => `arn:aws:route53:::healthcheck/${token(k, 32)}` },
  aws_route53_record: { fqdn: (k) => qualifiedName(k.text('name'), k.zoneName()) },
  aws_acm_certificate: {
    arn: arn('acm', (k) => `certificate/${token(k, 32)}`),
    domain_validation_options: (k) =>
      [k.text('domain_name'), ...namesIn(k.value('subject_alternative_names'))].map((name) => ({
        domain_name: new Certain(name),
        // A name and its wildcard share one record, and so do certificates of one account (ACM, "DNS validation").
        resource_record_name: `_validation.${name.replace('*.', '')}.`,
        resource_record_type: new Certain('CNAME'),
        resource_record_value: `_${sha(name.replace('*.', ''), 32)}.acm-validations.aws.`,
      })),
  },
  aws_acm_certificate_validation: { certificate_arn: stored('certificate_arn') },
  aws_s3_bucket: {
    arn: (k) => `arn:aws:s3:::${k.text('bucket') || k.resource.name}`,
    id: (k) => k.text('bucket') || k.resource.name,
    bucket_regional_domain_name: (k) => `${k.text('bucket')}.s3.${k.resource.awsRegion}.amazonaws.com`,
  },
  'data.aws_caller_identity': { account_id: () => TWIN_ACCOUNT_ID, id: () => TWIN_ACCOUNT_ID },
  'data.aws_region': { name: ownRegion, region: ownRegion, id: ownRegion },
  'data.aws_partition': { partition: () => 'aws', dns_suffix: () => 'amazonaws.com' },
  'data.aws_availability_zones': { names: (k) => ['a', 'b', 'c'].map((zone) => `${k.resource.awsRegion}${zone}`) },
  'data.aws_route53_zone': zone,
};

/**
 * A record's name as the provider writes it to Route 53 (`expandRecordName`): in lower case, without the root's dot, with its
 * zone behind it unless it ends so already. An empty name is the zone itself.
 */
export function qualifiedName(name: string, zone: string): string {
  const [given, within] = [name, zone].map((text) => text.toLowerCase().replace(/\.$/, '')) as [string, string];
  return given.endsWith(within) ? given : [given, within].filter(Boolean).join('.');
}

/** A rule's bus, as its ARN and id name it: nothing for the default bus. */
function onBus(k: Known): string {
  const bus = k.text('event_bus_name').split('event-bus/').at(-1) ?? '';
  return bus === '' || bus === 'default' ? '' : `${bus}/`;
}

/** `<table>:<region of its owner>`. */
function replicaId(k: Known): string {
  const [, , , owner = '', , table = ''] = k.text('global_table_arn').split(':');
  return `${table.replace('table/', '')}:${owner}`;
}

function aliasArn(k: Known): string {
  const name = k.text('function_name');
  const base = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${k.resource.awsRegion}:${TWIN_ACCOUNT_ID}:function:${name}`;
  return `${base}:${k.text('name')}`;
}

/** Attributes that are texts which AWS draws; another one may be a number, a flag or a list, and is unknown. */
const DRAWN = /(^|_)(id|arn|name|url|fqdn|suffix|endpoint|hex|result|ip|dns|cname|domain)$/;

/** `type` is prefixed with `data.` for data sources. Where there is no rule, a placeholder that names the attribute, or unknown. */
export function computedAttribute(type: string, attribute: string, known: Known): Value {
  const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
  if (rule && Object.hasOwn(rule, attribute)) return drawn((rule[attribute] as Rule)(known));
  const name = `${known.resource.address}.${attribute}`;
  return DRAWN.test(attribute) ? new Placeholder(name) : new Unknown(`${name} is known only after an apply`);
}

function drawn(value: unknown): Value {
  if (value instanceof Certain) return value.value;
  if (isOpaque(value)) return value;
  if (typeof value === 'string') return new Placeholder(value);
  if (Array.isArray(value)) return value.map(drawn);
  return isMap(value) ? mapOf(Object.entries(value).map(([key, item]) => [key, drawn(item)] as const)) : value;
}
