// What of a plan, or between two files, means something when a region is lost, and what does not.
import { caseGraph, create, planned, applied, remove, replace, stays, update, type Edits } from '../testing/planned';
import { changesOf } from './changed';
import type { Graph } from '@dr/terraform-json';

const told = (base: Graph | undefined, graph: Graph): string[] =>
  (base ? changesOf(base, graph) : []).map(
    ({ address, actions, meaning }) => `${address} ${actions.join('+')}: ${meaning}`,
  );
const inPlan = (edits: Edits): string[] => {
  const graph = planned(edits);
  return told(graph.before, graph);
};

const CHECK = { id: 'c-1', type: 'HTTPS', fqdn: 'eu.a.example', request_interval: 10, failure_threshold: 3 };
const RECORD = {
  ...{ id: 'r', fqdn: 'app.a.example', name: 'app.a.example', type: 'CNAME', zone_id: 'Z1', ttl: 10 },
  ...{ records: ['eu.a.example'], set_identifier: 'eu', health_check_id: 'c-1' },
  latency_routing_policy: [{ region: 'eu-west-1' }],
};
const TABLE = {
  ...{
    arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t',
    name: 't',
    hash_key: 'k',
    billing_mode: 'PAY_PER_REQUEST',
  },
  ...{ deletion_protection_enabled: true, point_in_time_recovery: [{ enabled: true }] },
  replica: [{ region_name: 'us-east-2', kms_key_arn: 'one' }, { region_name: 'us-west-2' }],
};
const R = 'aws_route53_record.r';
const C = 'aws_route53_health_check.c';
const T = 'aws_dynamodb_table.t';

test.each<[string, Edits, string[]]>([
  ['nothing', { [R]: stays(RECORD), [C]: stays(CHECK) }, []],
  [
    'a TTL',
    { [R]: update(RECORD, { ttl: 300 }) },
    [`${R} update: TTL 10 -> 300: clients keep an old answer 290 s longer`],
  ],
  [
    'a check that is detached',
    { [R]: update(RECORD, { health_check_id: null }), [C]: stays(CHECK) },
    [`${R} update: the health check is detached: the record is always answered`],
  ],
  [
    'where it leads',
    { [R]: update(RECORD, { records: ['us.a.example'] }) },
    [`${R} update: clients are led to us.a.example instead of eu.a.example`],
  ],
  [
    'another policy',
    { [R]: replace(RECORD, { latency_routing_policy: [], weighted_routing_policy: [{ weight: 5 }] }) },
    [
      `${R} delete+create: the record is deleted and made again: it is not answered from the deletion until it is made again; ` +
        'routing policy latency -> weighted: another rule chooses which region a client is led to; ' +
        'weight none -> 5: it gets a larger share of the clients; eu-west-1 -> no place: other clients are led to it',
    ],
  ],
  [
    'a check that is made again, which its record follows',
    {
      [C]: replace(CHECK, { type: 'TCP', id: undefined }, ['create', 'delete']),
      [R]: update(RECORD, { health_check_id: undefined }),
    },
    [
      `${C} create+delete: the health check is deleted and made again: its records follow the new one once they are updated; ` +
        'Route 53 takes a deleted one for healthy; type HTTPS -> TCP: it asks in another way whether the endpoint is well',
      `${R} update: health_check_id is known only after the apply`,
    ],
  ],
  [
    'a check that notices later',
    { [C]: update(CHECK, { request_interval: 30, failure_threshold: 4 }) },
    [
      `${C} update: request_interval 10 -> 30: a loss is noticed later: each probe comes 20 s later; ` +
        'failure_threshold 3 -> 4: a loss is noticed later: 1 more probe has to fail',
    ],
  ],
  [
    'a replica less, and another key',
    { [T]: update(TABLE, { replica: [{ region_name: 'us-east-2', kms_key_arn: 'two' }] }) },
    [
      `${T} update: the replica is removed from us-west-2; ` +
        'the key of a replica changes: AWS deletes the replica and copies it anew',
    ],
  ],
  [
    'protection off',
    { [T]: update(TABLE, { deletion_protection_enabled: false, point_in_time_recovery: [{ enabled: false }] }) },
    [
      `${T} update: deletion protection is turned off: AWS no longer refuses to delete it; ` +
        'point-in-time recovery is turned off: what is overwritten or deleted by mistake cannot be had back',
    ],
  ],
  [
    'something new and something that goes',
    { [C]: stays(CHECK), 'aws_sns_topic.new': create({ name: 'x' }), 'aws_sns_topic.old': remove({ name: 'y' }) },
    [
      'aws_sns_topic.new create: the topic is new',
      'aws_sns_topic.old delete: the topic is removed: nobody is told through it any more',
    ],
  ],
  [
    'what Terraform only forgets',
    { [T]: { ...remove(TABLE), actions: ['forget'] } },
    [`${T} forget: the table stays in AWS, and Terraform no longer looks after it`],
  ],
])('%s', (_, edits, expected) => expect(inPlan(edits)).toEqual(expected));

test.each<[string, Edits]>([
  ['a tag', { [C]: update(CHECK, { tags: { Name: 'x' } }) }],
  [
    'null for nothing',
    {
      [C]: update(
        { ...CHECK, invert_healthcheck: false, search_string: '' },
        { invert_healthcheck: null, search_string: null },
      ),
    },
  ],
  ['case and the last dot', { [R]: update(RECORD, { fqdn: 'APP.a.example.', records: ['EU.a.example.'] }) }],
  [
    'a release',
    {
      'aws_ecs_task_definition.t': replace({ family: 'x' }, { cpu: 1 }),
      'aws_ecs_service.s': update({ desired_count: 2 }, { desired_count: 3 }),
    },
  ],
  ['the order of blocks', { [T]: update(TABLE, { replica: [...TABLE.replica].reverse() }) }],
  ['a record that validates a certificate', { [R]: remove({ ...RECORD, name: '_a.a.example' }) }],
])('means nothing: %s', (_, edits) => expect(inPlan({ ...edits, 'aws_lb.x': stays({ name: 'x' }) })).toEqual([]));

test('a relative name that is made absolute is the same name', () => {
  expect(inPlan({ [R]: replace({ ...RECORD, name: 'app' }, { name: 'app.a.example' }) })).toEqual([
    `${R} delete+create: the record is deleted and made again: it is not answered from the deletion until it is made again`,
  ]);
});

test('where nothing is applied yet, all is new: no change', () => {
  expect(inPlan({ [R]: create(RECORD) })).toEqual([]);
});

test('two files are compared as they stand, whatever a plan says of its own state', () => {
  const [slow, quick] = [{ [R]: stays({ ...RECORD, ttl: 60 }) }, { [R]: stays(RECORD) }];
  const meaning = `${R} update: TTL 60 -> 10: clients ask again 50 s earlier`;
  expect(told(applied(slow), applied(quick))).toEqual([meaning]);
  expect(told(applied(slow), planned({ [R]: create(RECORD) }))).toEqual([meaning]);
  expect(told(applied(quick), applied({ [C]: stays(CHECK) }))).toEqual([
    `${C} create: the health check is new`,
    `${R} delete: the record is removed: nobody is led by it any more`,
  ]);
});

test('the same resource under another address is the same', () => {
  const [old, now] = ['aws_dynamodb_table.t', 'module.data.aws_dynamodb_table.t'];
  expect(told(applied({ [old]: stays(TABLE) }), applied({ [now]: stays(TABLE) }))).toEqual([]);
});

// What AWS fills in is no change, nor how a state writes what a plan leaves out.
test.each([
  '01-alb-ecs-failover',
  '03-modules-for-each',
  '13-geolocation-pin',
  '19-table-replica-kms',
  '25-unknown-at-plan',
])('a plan and what was applied of it: %s', (name) => {
  const [plan, state] = [`${name}.plan`, `${name}.state`].map(caseGraph) as [Graph, Graph];
  expect(told(plan, state).filter((one) => !/ create:| known only/.test(one))).toEqual([]);
  expect(told(state, plan).filter((one) => !/ create:| known only/.test(one))).toEqual([]);
});

test.each<[string, readonly string[]]>([
  ['20-change-check-detached', ['aws_route53_record.california']],
  ['27-change-ttl-300', ['aws_route53_record.california', 'aws_route53_record.ohio']],
  ['29-change-harmless', ['aws_sns_topic_subscription.oncall']],
])("another team's plan: %s", (name, addresses) => {
  const graph = caseGraph(`${name}.plan`);
  const found = changesOf(graph.before as Graph, graph);
  expect(found.map(({ address }) => address)).toEqual(addresses);
  const base = caseGraph(`${name}.before.state`);
  expect(changesOf(base, graph).map(({ meaning }) => meaning)).toEqual(found.map(({ meaning }) => meaning));
});
