// CloudFront in front of several regions: its names, its certificate, and how it goes on to a second origin.
import { finding, originsOf, parseArn, type Endpoint } from '@dr/stack';
import { blockOf, blocksOf, knownOrAbsent, textOf, textsOf, type Values } from '@dr/terraform-json';
import { inEach, ofEach } from './each';
import { ALIAS_TARGET, CERTIFICATE_REGIONS, ORIGIN_FAILOVER } from './pages';
import type { Rule } from './rule';

const DISTRIBUTION = ['aws_cloudfront_distribution'];
const SERVER_ERRORS = [500, 502, 503, 504];
/** [A] Longer than people wait for a page. */
const LONGEST_CONNECT_SECONDS = 10;

export const DISTRIBUTION_RULES: readonly Rule[] = [
  {
    id: 'distribution-answers-its-names',
    of: 'advice',
    source: ALIAS_TARGET,
    statement: 'A distribution has the names of the records that lead to it among its aliases.',
    atFailover: 'CloudFront refuses requests for that name',
    judge: ({ names }) =>
      inEach(names.records, function* ({ address, name, target, isAlias, unknown }) {
        const end = names.endpoint(target ?? '');
        if (!isAlias || end?.kind !== 'distribution' || end.resource.mode !== 'managed') return;
        if (hasName(end, name) || unknown.some(({ path }) => path === 'zone_id')) return;
        yield finding(
          end.resource.address,
          `has no alias ${name}, and ${address} leads to it`,
          `Add ${name} to its aliases`,
        );
      }),
  },
  {
    id: 'distribution-certificate-is-in-us-east-1',
    of: 'advice',
    source: CERTIFICATE_REGIONS,
    statement: 'The certificate of a distribution is in us-east-1.',
    atFailover: 'The apply fails, so there is no such distribution',
    judge: ofEach(DISTRIBUTION, function* ({ address, values }) {
      const arn = textOf(blockOf(values, 'viewer_certificate') ?? {}, 'acm_certificate_arn');
      const region = parseArn(arn ?? '')?.awsRegion;
      if (region === undefined || region === 'us-east-1') return;
      yield finding(address, `has a certificate of ${region}`, 'Use one of us-east-1');
    }),
  },
  {
    id: 'origin-group-goes-on-at-server-errors',
    of: 'advice',
    severity: 'note',
    source: ORIGIN_FAILOVER,
    statement: 'An origin group goes on to its second origin at each of 500, 502, 503 and 504.',
    atFailover: 'Clients get that error although the second origin is well',
    judge: ofEach(DISTRIBUTION, function* ({ address, values }) {
      for (const group of blocksOf(values, 'origin_group')) {
        const codes = (blockOf(group, 'failover_criteria') ?? {})['status_codes'];
        const given = Array.isArray(codes) ? codes.map(Number) : [];
        const missing = SERVER_ERRORS.filter((code) => !given.includes(code));
        const id = textOf(group, 'origin_id') ?? 'an origin group';
        if (missing.length > 0)
          yield finding(
            address,
            `stays with the first origin of ${id} at ${missing.join(', ')}`,
            `Add ${missing.join(', ')}`,
          );
      }
    }),
  },
  {
    id: 'origin-group-gives-up-soon',
    of: 'advice',
    severity: 'note',
    source: ORIGIN_FAILOVER,
    statement: 'The first origin of a group is given up within 10 seconds; what CloudFront takes by itself is 30.',
    atFailover: 'Every request waits so long before the second origin is asked',
    judge: ofEach(DISTRIBUTION, function* (resource, { graph }) {
      const [first, second] = originsOf(graph, resource);
      if (!first || !second || first.connectSeconds <= LONGEST_CONNECT_SECONDS) return;
      const sentence = `waits ${first.connectSeconds} s for ${first.name} before it asks ${second.name}`;
      yield finding(resource.address, sentence, 'Set connection_timeout and connection_attempts of that origin lower');
    }),
  },
  {
    id: 'every-behaviour-fails-over',
    of: 'advice',
    source: ORIGIN_FAILOVER,
    statement:
      'Where the default behaviour of a distribution has an origin group, the behaviours for paths have one as well.',
    atFailover: 'Requests for these paths fail while others are answered',
    judge: ofEach(DISTRIBUTION, function* ({ address, values }, { names }) {
      const groups = blocksOf(values, 'origin_group').map((group) => textOf(group, 'origin_id'));
      const target = (behaviour: Values): string | undefined => textOf(behaviour, 'target_origin_id');
      if (!groups.includes(target(blockOf(values, 'default_cache_behavior') ?? {}))) return;
      // CloudFront resolves a name with a routing policy as anybody does.
      const isChosen = (id: string | undefined): boolean => {
        const origin = blocksOf(values, 'origin').find((one) => textOf(one, 'origin_id') === id);
        return names.endpointsBehind(textOf(origin ?? {}, 'domain_name') ?? '').length > 1;
      };
      for (const behaviour of blocksOf(values, 'ordered_cache_behavior')) {
        if (groups.includes(target(behaviour)) || isChosen(target(behaviour))) continue;
        const sentence = `sends ${textOf(behaviour, 'path_pattern') ?? 'a path'} to ${target(behaviour)} alone`;
        yield finding(address, sentence, 'Send it to an origin group');
      }
    }),
  },
];

const hasName = ({ resource }: Endpoint, name: string): boolean =>
  (knownOrAbsent(() => textsOf(resource.values, 'aliases')) ?? [name])
    .map((alias) => alias.toLowerCase())
    .some((alias) => alias === name || (alias.startsWith('*.') && name.slice(name.indexOf('.')) === alias.slice(1)));
