// A fault in words.
import { aimOf, AWS_ENDPOINTS, FAULTS, type Fault } from '@dr/contracts';
import { titled } from './figures';

const DID: Readonly<Record<string, string>> = {
  'region-dark': 'went dark',
  'region-refuses': 'refused every connection',
  'region-slow': 'stopped answering',
  'alb-dark': 'lost its load balancer',
  gray: 'failed a share of its requests',
  isolated: 'was cut off from the world',
  partition: 'was cut off from the other regions',
  'replication-paused': 'stopped replicating',
  'kms-dark': 'lost its KMS',
  'secrets-dark': 'lost its Secrets Manager',
  'certificate-expired': 'had a certificate that expired',
  'dynamodb-errors': 'lost its table',
  'dynamodb-slow': 'had a table that hung',
  'dynamodb-throttled': 'had a table that throttled',
  'metrics-late': 'had metrics that came ten minutes late',
};

/** `Mumbai went dark`. */
export function whatHappened(fault: Fault): string {
  const { kind, region, from, to } = fault;
  if (kind === 'us-east-1-down') return 'The services of us-east-1 stopped';
  if (kind === 'link-cut') return `Packets from ${from ?? 'one place'} to ${to ?? 'another'} vanished`;
  const aim = aimOf(fault);
  if (kind === 'zone-dark') return `${titled(region)} lost ${aim ?? 'a zone'}`;
  if (kind === 'dns-empty') return `${titled(region)} lost the name of its ${aim ?? AWS_ENDPOINTS[0]} endpoint`;
  const did = DID[kind];
  if (did !== undefined) return `${titled(region)} ${did}`;
  return `${titled(region)} was struck by ${kind}${aim === undefined ? '' : ` of ${aim}`}`;
}

/** What a kind means; its name alone for a kind that came later. */
export const meaningOf = ({ kind }: Fault): string =>
  (FAULTS as Record<string, { meaning: string }>)[kind]?.meaning ?? kind;
