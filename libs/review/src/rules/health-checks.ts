// Health checks: does each watch what its record leads to, and nothing else?
import {
  answering,
  finding,
  listenerOn,
  MAX_CHAIN,
  normalName,
  ruleFor,
  type DnsRecord,
  type EndpointSource,
  type Finding,
  type HealthCheckSpec,
  type Names,
} from '@dr/stack';
import type { Graph, Resource } from '@dr/terraform-json';
import { CHECK_VALUES, CHOOSES } from './pages';
import type { Rule, Stack } from './rule';
import { guardsOf, regionsOf } from './served';

/** A record on the way from a public name, its health check, and the load balancers that it leads to. */
interface Watch {
  readonly check: HealthCheckSpec;
  readonly record: DnsRecord;
  readonly balancers: readonly Resource[];
}

function watchesOf({ names, checks }: Stack): Watch[] {
  const doors = names.publicNames.flatMap((name) => name.doors);
  return [...new Set(doors.flatMap(({ chain }) => chain))].flatMap((record) => {
    const check = checks.get(record.healthCheckId ?? '');
    const balancers = doors.filter(({ chain }) => chain.includes(record)).map(({ balancer }) => balancer);
    return check ? [{ check, record, balancers: [...new Set(balancers)] }] : [];
  });
}

export const HEALTH_CHECK_RULES: readonly Rule[] = [
  {
    id: 'health-check-is-in-force',
    of: 'serving',
    *judge(stack) {
      for (const { check, record } of watchesOf(stack)) {
        const { address, isDisabled, isInverted } = check;
        const disabled = `is disabled, so Route 53 takes ${record.address} for healthy`;
        if (isDisabled) yield finding(address, disabled, 'Remove disabled');
        const inverted = `is inverted: ${record.address} is healthy when the region is not`;
        if (isInverted) yield finding(address, inverted, 'Remove that');
      }
    },
  },
  {
    id: 'calculated-health-check-can-change',
    of: 'serving',
    source: CHECK_VALUES,
    statement: 'A calculated health check asks for at least one healthy check, and for no more than it counts.',
    atFailover: 'The check says the same whatever happens',
    *judge(stack) {
      for (const { check, record } of guardsOf(stack)) {
        const { address, source } = check;
        if (source.kind !== 'calculated') continue;
        const { threshold, children } = source;
        if (threshold > 0 && threshold <= children.length) continue;
        const sentence = `asks for ${threshold} healthy checks of ${children.length}: ${record.address} is ${threshold === 0 ? 'always' : 'never'} healthy`;
        yield finding(address, sentence, `Set child_health_threshold from 1 to ${Math.max(1, children.length)}`);
      }
    },
  },
  {
    id: 'health-check-decides-on-one-region',
    of: 'serving',
    source: CHOOSES,
    statement: 'Records of one name that lead to different regions have health checks of their own.',
    atFailover: 'All records fail together, and Route 53 then takes each of them for healthy',
    *judge(stack) {
      const guards = guardsOf(stack);
      for (const check of new Set(guards.map((one) => one.check))) {
        const own = guards.filter((one) => one.check === check);
        const shared = own.filter(({ record: { name, address } }) =>
          own.some(({ record }) => record.name === name && record.address !== address),
        );
        if (new Set(shared.map(({ endpoints }) => regionsOf(endpoints).join())).size < 2) continue;
        const records = shared.map(({ record }) => record.address).join(' and ');
        const sentence = `decides on ${records}, which lead to different regions: both fail together, and Route 53 then takes both for healthy`;
        yield finding(check.address, sentence, 'Give each record a health check of its own region');
      }
    },
  },
  {
    id: 'health-check-watches-its-endpoint',
    of: 'serving',
    *judge(stack) {
      for (const watch of watchesOf(stack)) {
        yield* endpointFindings(stack, watch);
        yield* childFindings(stack, watch);
      }
    },
  },
  {
    // A load balancer opens connections with every function dead (HC-03).
    id: 'health-check-asks-a-function',
    of: 'failover',
    *judge(stack) {
      const sentence = 'asks for a connection alone, which a load balancer opens with every function dead';
      for (const { check } of watchesOf(stack))
        if (check.source.kind === 'endpoint' && check.source.protocol === 'tcp')
          yield finding(check.address, sentence, 'Use type HTTPS, and a path that a function answers');
    },
  },
];

function* endpointFindings({ graph, names }: Stack, { check, record, balancers }: Watch): Iterable<Finding> {
  const { address, source } = check;
  if (source.kind !== 'endpoint') return;
  const { host } = source;
  const own = balancers.map((balancer) => balancer.address).join(' and ');
  if (isChosen(names, record, normalName(host))) {
    const sentence = `asks ${host}, which ${record.address} and others answer: whatever region Route 53 chooses decides on this one`;
    return yield finding(address, sentence, `Ask a name that leads to ${own} alone`);
  }
  const watched = names.behind(host);
  if (watched.length === 0) {
    const sentence = `asks ${host}, which leads to no load balancer of the stack`;
    return yield finding(address, sentence, `Ask a name of ${own}`);
  }
  const stranger = watched.find((balancer) => !balancers.includes(balancer));
  if (stranger) {
    const sentence = `watches ${stranger.address}, but ${record.address} leads to ${own}`;
    return yield finding(address, sentence, `Ask a name of ${own}`);
  }
  for (const balancer of watched) yield* asked(graph, address, source, balancer);
}

/** A calculated check is to count checks of its own record's load balancers. */
function* childFindings({ names, checks }: Stack, { check, record, balancers }: Watch): Iterable<Finding> {
  for (const id of check.source.kind === 'calculated' ? check.source.children : []) {
    const child = checks.get(id);
    const watched = child?.source.kind === 'endpoint' ? names.behind(child.source.host) : [];
    const stranger = watched.find((balancer) => !balancers.includes(balancer));
    const sentence = `counts ${child?.address}, which watches ${stranger?.address}: ${record.address} does not lead there`;
    if (stranger) yield finding(check.address, sentence, 'Count checks of the own region');
  }
}

/** Does the name lead through the one that the record is one of several answers to? */
function isChosen({ records }: Pick<Names, 'records'>, of: DnsRecord, name: string, links = 0): boolean {
  const own = records.filter((record) => record.name === name);
  if (name === of.name) return own.length > 1;
  return own.some(({ target = '' }) => links < MAX_CHAIN && isChosen({ records }, of, target, links + 1));
}

/** What answers the check has to be a function: a load balancer is well with every function dead (HC-13). */
function* asked(graph: Graph, address: string, source: EndpointSource, balancer: Resource): Iterable<Finding> {
  const { port, protocol, path, host } = source;
  const listener = listenerOn(graph, balancer, port);
  if (!listener) {
    const sentence = `asks port ${port}, where ${balancer.address} has no listener`;
    return yield finding(address, sentence, 'Ask a port that is listened on');
  }
  if (protocol === 'tcp') return;
  if (listener.isTls !== (protocol === 'https')) {
    const sentence = `speaks ${protocol.toUpperCase()} to ${listener.address}, which does not`;
    return yield finding(address, sentence, `Use type ${listener.isTls ? 'HTTPS' : 'HTTP'}`);
  }
  const request = { method: 'GET', path, headers: { host } };
  const rule = ruleFor(listener, request);
  if (rule.action.kind === 'forward' || answering(graph, balancer, port, request).length > 0) return;
  const sentence = `asks ${path}, which ${rule.address} answers itself (${rule.action.kind})`;
  yield finding(address, sentence, 'Ask a path that a function answers, by HTTPS on port 443');
}
