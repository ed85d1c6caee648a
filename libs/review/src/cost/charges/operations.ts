// Keys, secrets, alarms, dashboards, logs, topics.
import { numberOf, textOf, type Values } from '@dr/terraform-json';
import { inRegion, MILLION, standing, unpriced, used, type Bill } from '../charge';
import { list } from './load';

const key: Bill = (resource) => [standing('Other', resource, 'KMS keys', 'kms-key')];

/** A replica is billed as a secret of its own, in its own region. */
const secret: Bill = (resource) => [
  standing('Other', resource, 'Secrets and their replicas', 'secret'),
  ...list(resource.values['replica']).map((replica) =>
    standing(
      'Other',
      inRegion(resource, String((replica as Values)['region'])),
      'Secrets and their replicas',
      'secret',
    ),
  ),
];

/** An alarm is billed for each metric that it reads; at less than a minute, all of them at the high rate. */
const alarm: Bill = (resource) => {
  const { values } = resource;
  const metrics = list(values['metric_query']).flatMap((query) => list((query as Values)['metric']));
  const periods = [values, ...metrics].map((from) => numberOf(from as Values, 'period') ?? 60);
  const count = Math.max(1, metrics.length);
  return periods.some((period) => period < 60)
    ? [standing('CloudWatch', resource, 'High-resolution alarms, by metric', 'high-resolution-alarm', count)]
    : [standing('CloudWatch', resource, 'Alarms, by metric', 'standard-alarm', count)];
};

/** [A] All groups get as much. */
const logs: Bill = (resource, { usage, ofTypes }) => {
  const gb = usage.logGb / ofTypes(resource.type).length;
  return [used('CloudWatch', resource, 'Log data', 'logs-ingested', gb)];
};

/** [A] All topics get as many messages. */
const topic: Bill = (resource, { usage, ofTypes }) => [
  used('SNS', resource, 'Messages', 'sns-publishes', usage.notifications / ofTypes(resource.type).length / MILLION),
];

const subscription: Bill = (resource, { usage, ofTypes }) => {
  const protocol = textOf(resource.values, 'protocol') ?? '';
  if (/^(lambda|sqs)$/.test(protocol)) return [];
  if (!/^email/.test(protocol)) return [unpriced('SNS', resource, `Deliveries by ${protocol}`, true)];
  const topics = Math.max(1, ofTypes('aws_sns_topic').length);
  return [used('SNS', resource, 'E-mails', 'sns-emails', usage.notifications / topics / 100_000)];
};

export const OPERATIONS_BILLS: Readonly<Record<string, Bill>> = {
  aws_kms_key: key,
  aws_kms_replica_key: key,
  aws_kms_external_key: key,
  aws_secretsmanager_secret: secret,
  aws_cloudwatch_metric_alarm: alarm,
  aws_cloudwatch_composite_alarm: (resource) => [
    standing('CloudWatch', resource, 'Composite alarms', 'composite-alarm'),
  ],
  aws_cloudwatch_dashboard: (resource) => [standing('CloudWatch', resource, 'Dashboards', 'dashboard')],
  aws_cloudwatch_log_group: logs,
  aws_sns_topic: topic,
  aws_sns_topic_subscription: subscription,
};

/** Billed by the hour or month, and found in stacks, but of no known price. */
const STANDING: Readonly<Record<string, string>> = {
  aws_ec2_transit_gateway_vpc_attachment: 'Transit gateway attachments',
  aws_route53recoverycontrolconfig_cluster: 'Routing control clusters',
  aws_route53recoveryreadiness_readiness_check: 'Readiness checks',
  aws_wafv2_web_acl: 'Web ACLs',
  aws_eks_cluster: 'EKS clusters',
  aws_ebs_volume: 'Volumes',
};

export const OTHERS: Readonly<Record<string, Bill>> = Object.fromEntries(
  Object.entries(STANDING).map(([type, what]) => [type, (resource) => [unpriced('Other', resource, what)]]),
);
