// What synth says of a config that it builds all the same.
import { GLOBAL_REGION, TABLE_QUOTA_UNITS } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import { isOutOfEarshot } from '@dr/failover';
import { concurrencyWarnings } from './concurrency';

export const configWarnings = (config: DrConfig): string[] => [
  ...(config.options.auth === 'none' ? ['options.auth "none": anyone can read and write /items'] : []),
  ...alertWarnings(config),
  ...concurrencyWarnings(config),
  ...warmWarnings(config),
  ...smsWarnings(config),
  ...distanceWarnings(config),
];

const alertWarnings = ({ alerts }: DrConfig): string[] =>
  alerts.emails.length + alerts.sms.length > 0
    ? []
    : ['alerts: no address is given, so nobody is told of a failover or an alarm. Set alerts.emails'];

/** AWS warms a table up to the quota of the account in that region (DynamoDB developer guide, warm-throughput). */
const warmWarnings = ({ options: { warmThroughput }, regions }: DrConfig): string[] =>
  Object.entries(warmThroughput ?? {})
    .filter(([, units]) => units > TABLE_QUOTA_UNITS)
    .map(
      ([key, units]) =>
        `options.warmThroughput.${key} = ${units}: an account has ${TABLE_QUOTA_UNITS} for each table unless its quota was raised. ` +
        `Raise it first in ${regions.map(({ awsRegion }) => awsRegion).join(', ')} (Service Quotas), or AWS refuses the apply`,
    );

/** A new account may send to so many numbers, each verified (SNS developer guide, "Using the Amazon SNS SMS sandbox"). */
const SANDBOX_NUMBERS = 10;

/**
 * Countries in which a sender registers first. India: SNS developer guide, "Special requirements for sending SMS messages to
 * recipients in India". Singapore: AWS End User Messaging SMS user guide, "Singapore sender ID registration process".
 */
const REGISTRATION: Readonly<Record<string, string>> = {
  '+91':
    'India: without a registered entity, sender ID and message template, messages go by international routes, from a random number',
  '+65': 'Singapore: a sender ID that is not registered (SSIR) is shown as "Likely-SCAM"',
};

function smsWarnings({ alerts, regions }: DrConfig): string[] {
  const { sms } = alerts;
  if (sms.length === 0) return [];
  const places = [...new Set([...regions.map(({ awsRegion }) => awsRegion), GLOBAL_REGION])].join(', ');
  const tooMany = sms.length > SANDBOX_NUMBERS ? `; alerts.sms has ${sms.length}` : '';
  return [
    `alerts.sms: a new account is in the SMS sandbox, in each of ${places}: SNS sends to verified numbers only, ${SANDBOX_NUMBERS} at most${tooMany}. ` +
      'Verify each number in each of them, or ask AWS to take the account out',
    ...Object.entries(REGISTRATION)
      .filter(([prefix]) => sms.some((number) => number.startsWith(prefix)))
      .map(
        ([prefix, rule]) =>
          `alerts.sms ${prefix}: ${rule}. Register the sender first, and let e-mail be the alert that counts`,
      ),
  ];
}

/** Each region asks the others directly when their writes stop coming; far apart, the answer would come too late. */
const distanceWarnings = ({ regions }: DrConfig): string[] =>
  regions.flatMap((a, at) =>
    regions
      .slice(at + 1)
      .filter((b) => isOutOfEarshot(a.awsRegion, b.awsRegion))
      .map(
        (b) =>
          `regions ${a.name} and ${b.name} are so far apart that one cannot ask the other's /health in time: while replication stands still, each takes the other for silent`,
      ),
  );
