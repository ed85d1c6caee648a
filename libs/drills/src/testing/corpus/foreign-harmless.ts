// Edits of other teams' stacks after which clients fare as well as before. Those with a rule's id are what that rule leaves alone.
import { add, all, BASES, inZone, set, type BaseName } from '@dr/review/testing';
import { rowsOf, type ForeignEdit } from './foreign-edit';

/** Clients are served again within the objective, and nothing is to be said of it above a note. */
export const HARMLESS: readonly ForeignEdit[] = [
  ...(
    [
      ['record-without-health-check', 'the last resort has no check'],
      ['location-has-nowhere-to-go', 'places, with a default that fails over'],
      ['health-check-asks-the-name-it-decides-on', 'a name in capitals'],
      ['health-check-does-not-notice', 'another path is asked'],
      ['calculated-check-stays-healthy', 'a calculated check needs both of two'],
      ['calculated-health-check-can-change', 'a calculated check of one child'],
      ['metric-check-is-healthy-without-data', 'a check by alarm fails without data'],
      ['metric-check-has-its-alarm', 'the alarm of a check is in the other region'],
      ['detection-time-is-not-published', 'checks alone decide, targets are not evaluated'],
      ['nothing-else-to-answer', 'another set identifier'],
      ['health-check-is-one-that-aws-takes', 'checkers of three regions'],
      ['health-check-decides-on-one-region', 'a second name with the same checks'],
      ['failover-records-lead-apart', 'the secondary does not evaluate its targets'],
      ['weighted-records-carry-weight', 'equal weights'],
      ['checked-record-has-a-short-ttl', 'a TTL of 60 s'],
      ['standby-runs-nothing', 'a standby of one task'],
      ['replica-waits-to-be-promoted', 'a database of its own in each region'],
      ['data-in-one-region', 'a second table with its replica'],
      ['enough-targets-for-dns-failover', 'DNS failover asks for two targets of two'],
      ['checkers-are-admitted', 'the security group admits the checkers alone'],
      ['certificate-is-of-its-region', 'another certificate of its region'],
      ['regions-run-alike', 'four tasks in each region'],
      ['open-connections-end-soon', 'connections are kept for 120 s'],
      ['secret-is-in-every-region', 'a secret of its own in each region'],
      ['buckets-replicate-both-ways', 'a priority of the replication'],
      ['multi-region-key-is-in-every-region', 'the key is rotated'],
      ['failover-is-announced', 'the alarm waits for two periods'],
      ['target-health-does-not-notice', 'another set identifier'],
      ['api-answers-its-public-name', 'a custom domain with a wildcard'],
      ['function-may-run', 'no execution is reserved, by number'],
      ['schedule-is-one-that-aws-takes', 'a rule that runs on the mornings of working days'],
      ['twins-reserve-alike', '50 executions are reserved in each region'],
      ['twins-are-provisioned-alike', 'more executions are provisioned'],
      ['code-is-in-its-region', 'a new version of the code'],
      ['accelerator-follows-target-groups', 'a threshold of two'],
      ['survivor-can-grow', 'a smaller limit of the fleet'],
      ['machines-are-replaced-when-they-fail', 'a grace period'],
      ['distribution-has-no-other-origin', 'a comment'],
      ['every-behaviour-fails-over', 'another path of a behaviour'],
      ['origin-group-goes-on-at-server-errors', 'the distribution goes on at 404 as well'],
      ['origin-group-gives-up-soon', 'one attempt of 5 s'],
      ['distribution-fails-over-reads-only', 'the origin is a name that fails over'],
      ['global-database-is-of-one-version', "the second cluster's version is that of the global one"],
      ['standby-database-has-an-instance', 'a tier of promotion'],
    ] as const
  ).map(rowsOf('leaves')),
  ...(Object.keys(BASES) as BaseName[]).map((stack) => ({
    stack,
    name: 'a text record, tags of the zone, and a log group',
    edit: all(
      add('aws_route53_record.text', inZone({ type: 'TXT', name: 'mail', ttl: 300, records: ['v=spf1 -all'] })),
      set('aws_route53_zone.zone', { tags: { team: 'a' } }),
      add('aws_cloudwatch_log_group.web', { provider: 'aws.a', name: '/web', retention_in_days: 30 }),
    ),
  })),
];
