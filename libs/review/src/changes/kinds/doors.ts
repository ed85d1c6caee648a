// What answers: balancers with what is behind them, accelerators, distributions, functions and other compute.
import { blockOf, blocksOf, knownOrAbsent, numberOf, textOf } from '@dr/terraform-json';
import { sentences } from './dns';
import {
  blocks,
  flag,
  nameIn,
  number,
  reference,
  several,
  text,
  told,
  type Kind,
  type Kinds,
  type Place,
  type Said,
  type Setting,
} from './kind';

const ACTION = [
  'type',
  'target_group_arn',
  'forward',
  'target_group',
  'arn',
  'weight',
  'fixed_response',
  'status_code',
  'redirect',
  'host',
  'path',
  'port',
  'protocol',
];
const CONDITION = [
  'host_header',
  'path_pattern',
  'http_header',
  'http_request_method',
  'query_string',
  'source_ip',
  'values',
  'http_header_name',
  'key',
  'value',
];

/** `health_check` of a target group: null and 0 are what AWS takes itself. */
const ofCheck = (key: string, unset: number, more: string, less: string): Setting =>
  number({
    key: `health_check.${key}`,
    unset,
    read: ({ resource: { values } }) => numberOf(blockOf(values, 'health_check') ?? {}, key) || undefined,
    more: () => more,
    less: () => less,
    isTiming: true,
  });
const LATER = 'an unhealthy target is noticed later';
const EARLIER = 'an unhealthy target is noticed earlier';

/** `unset`: what AWS takes where none is given. */
const checkText = (key: string, unset: string, effect: string): Setting =>
  text(
    `health_check.${key}`,
    effect,
    ({ resource: { values } }) => knownOrAbsent(() => textOf(blockOf(values, 'health_check') ?? {}, key)) ?? unset,
  );

const TARGET_GROUP: readonly Setting[] = [
  ofCheck('interval', 30, LATER, EARLIER),
  ofCheck('unhealthy_threshold', 3, LATER, EARLIER),
  checkText('path', '/', 'targets are asked for another path'),
  checkText('matcher', '200', 'other answers count as healthy'),
  flag(
    'health_check.enabled',
    true,
    'its targets are checked',
    'its targets are no longer checked: none is taken for unhealthy',
    ({ resource: { values } }) => knownOrAbsent(() => textOf(blockOf(values, 'health_check') ?? {}, 'enabled')),
  ),
  {
    key: 'target_group_health',
    read: (place) =>
      told(place, blocksOf(place.resource.values, 'target_group_health'), [
        'dns_failover',
        'unhealthy_state_routing',
        'minimum_healthy_targets_count',
        'minimum_healthy_targets_percentage',
      ]),
    says: () =>
      'target_group_health changes: another share of targets must be well for the balancer to count as healthy',
  },
];

const BALANCER: Kind = {
  noun: 'the load balancer',
  removed: 'nothing answers at its name any more',
  replaced: 'the new one has another DNS name, and answers once its targets are healthy',
  settings: [
    flag('internal', false, 'it is internal: nobody on the internet reaches it', 'it is on the internet'),
    several('subnets', (gone, added) => sentences(gone, 'it leaves', added, 'it is in')),
    several('security_groups', (gone, added) =>
      sentences(gone, 'no longer lets in what lets in', added, 'lets in what lets in'),
    ),
  ],
};

/** What runs the application, counted. */
const compute = (noun: string, key: string): Kind => ({
  noun,
  removed: 'it answers nothing any more',
  replaced: 'it answers nothing from the deletion until the new one is up',
  settings: [fewer(key)],
});

/** More of it is a release like any other. */
const fewer = (key: string): Setting => ({
  key,
  read: ({ resource: { values } }) => knownOrAbsent(() => numberOf(values, key)),
  matters: (was, is) => Number(is ?? 0) < Number(was ?? 0),
  says: (was, is) =>
    `${key} ${was ?? 'none'} -> ${is ?? 'none'}: ${is === 0 ? 'nothing of it runs' : 'less is there to take what another region served'}`,
});

const plain = (noun: string, removed: string, settings: readonly Setting[] = []): Kind => ({
  noun,
  removed,
  replaced: 'it answers nothing from the deletion until it is made again',
  settings,
});

const DISTRIBUTION: readonly Setting[] = [
  flag('enabled', true, 'it is enabled', 'it is disabled: it answers nobody'),
  blocks(
    'origin',
    ['origin_id', 'domain_name', 'connection_attempts', 'connection_timeout'],
    'its origins change: it asks others, or waits for them otherwise',
  ),
  blocks(
    'origin_group',
    ['origin_id', 'member', 'failover_criteria', 'status_codes'],
    'its origin groups change: it falls back to another origin, at other errors, or to none',
  ),
  text('default_cache_behavior.target_origin_id', 'it asks another origin', ({ resource: { values } }) =>
    textOf(blockOf(values, 'default_cache_behavior') ?? {}, 'target_origin_id'),
  ),
];

const ENDPOINT_GROUP: readonly Setting[] = [
  number({
    key: 'traffic_dial_percentage',
    label: 'traffic dial',
    unset: 100,
    more: () => 'it takes a larger share of the clients near it',
    less: () => 'it takes a smaller share of the clients near it; it takes over from a lost region all the same',
  }),
  number({
    key: 'health_check_interval_seconds',
    unset: 30,
    more: () => 'a loss is noticed later',
    less: () => 'a loss is noticed earlier',
    isTiming: true,
  }),
  number({
    key: 'threshold_count',
    unset: 3,
    more: () => 'a loss is noticed later',
    less: () => 'a loss is noticed earlier',
    isTiming: true,
  }),
  text('health_check_path', 'endpoints are asked for another path', ({ resource: { values } }) =>
    knownOrAbsent(() => textOf(values, 'health_check_path')),
  ),
  several(
    'endpoint_configuration',
    (gone, added) => sentences(gone, 'it no longer leads to', added, 'it leads to'),
    ({ graph, resource: { values } }) =>
      blocksOf(values, 'endpoint_configuration').map((one) => {
        const weight = knownOrAbsent(() => numberOf(one, 'weight')) ?? 128;
        return `${nameIn(graph, textOf(one, 'endpoint_id') ?? '')}${weight === 0 ? ' (weight 0: never)' : ''}`;
      }),
  ),
];

/** [A] Where none is given it is HTTP, and HTTPS on its port. */
const protocolOf = ({ resource: { values } }: Place): Said =>
  knownOrAbsent(() => textOf(values, 'protocol')) ?? (textOf(values, 'port') === '443' ? 'HTTPS' : 'HTTP');

export const DOOR_KINDS: Kinds = {
  aws_lb: BALANCER,
  aws_elb: BALANCER,
  aws_lb_listener: plain('the listener', 'nothing answers at its port any more', [
    text('port', 'clients of the old port get no answer'),
    text('protocol', 'clients that speak otherwise get no answer', protocolOf),
    text('certificate_arn', 'clients are shown another certificate', reference('certificate_arn')),
    blocks('default_action', ACTION, 'its default action changes: requests are answered by something else'),
  ]),
  aws_lb_listener_rule: plain('the rule of the listener', 'its requests take another rule', [
    blocks('action', ACTION, 'its action changes: requests are answered by something else'),
    blocks('condition', CONDITION, 'its condition changes: it takes other requests'),
    text('priority', 'it comes earlier or later than others', ({ resource: { values } }) =>
      knownOrAbsent(() => textOf(values, 'priority')),
    ),
  ]),
  aws_lb_target_group: plain('the target group', 'nothing answers behind it any more', TARGET_GROUP),
  aws_lb_target_group_attachment: plain('the target', 'the balancer sends it nothing any more'),
  aws_apigatewayv2_api: plain('the API', 'nothing answers at its address any more', [
    flag(
      'disable_execute_api_endpoint',
      false,
      'it no longer answers at its own address',
      'it answers at its own address',
    ),
  ]),
  aws_apigatewayv2_domain_name: plain('the name of the API', 'the API no longer answers to it'),
  aws_apigatewayv2_api_mapping: plain('the mapping of the API', 'the API no longer answers to that name'),
  aws_api_gateway_rest_api: plain('the API', 'nothing answers at its address any more'),
  aws_api_gateway_domain_name: plain('the name of the API', 'the API no longer answers to it'),
  aws_api_gateway_base_path_mapping: plain('the mapping of the API', 'the API no longer answers to that name'),
  aws_globalaccelerator_accelerator: {
    noun: 'the accelerator',
    removed: 'nothing answers at its addresses any more',
    replaced: 'the new one has other addresses',
    settings: [flag('enabled', true, 'it is enabled', 'it is disabled: it answers nobody')],
  },
  aws_globalaccelerator_listener: plain('the listener of the accelerator', 'nothing answers at its ports any more', [
    blocks('port_range', ['from_port', 'to_port'], 'its ports change: clients of the old ones get no answer'),
  ]),
  aws_globalaccelerator_endpoint_group: plain(
    'the endpoint group',
    'the accelerator leads nobody to its region',
    ENDPOINT_GROUP,
  ),
  aws_cloudfront_distribution: {
    noun: 'the distribution',
    removed: 'nothing answers at its name any more',
    replaced: 'the new one has another domain name',
    settings: DISTRIBUTION,
  },
  aws_lambda_function: {
    ...compute('the function', 'reserved_concurrent_executions'),
    settings: [
      {
        key: 'reserved_concurrent_executions',
        // -1 is no reservation.
        read: ({ resource: { values } }) =>
          knownOrAbsent(() => numberOf(values, 'reserved_concurrent_executions')) ?? -1,
        says: (was, is) =>
          `reserved_concurrent_executions ${was} -> ${is}: ${is === 0 ? 'it runs no more' : is === -1 ? 'it shares what the account has' : 'it takes that many requests at once, and no more'}`,
      },
    ],
  },
  aws_ecs_service: compute('the service', 'desired_count'),
  aws_autoscaling_group: {
    ...compute('the group of machines', 'desired_capacity'),
    settings: ['desired_capacity', 'min_size', 'max_size'].map(fewer),
  },
  aws_instance: plain('the machine', 'it answers nothing any more'),
  aws_eip: plain('the address', 'nothing answers at it any more'),
  aws_acm_certificate_validation: plain('the validation of the certificate', 'the certificate may not be issued'),
};
