// Can the stack serve at all? The way in is walked from the public name to the code; whatever stops it is named.
import { InputError } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import { distinct, type Finding } from './finding';
import { readNames } from './front-doors';
import { aliasFindings, functionFindings, targetFindings } from './functions';
import { balancerFindings } from './load-balancers';
import { nameFindings } from './names';
import { regionFindings } from './regions';
import { tableFindings } from './tables';
import { notUnderstood } from './understood';
import { readListeners } from '../services/alb/rules';

export type { Finding } from './finding';

/** What a drill would not find out by losing a region: empty for a stack that serves. Throws InputError on unknown values. */
export function whatCannotServe(graph: Graph, domain: string): Finding[] {
  const names = readNames(graph, domain);
  const requestsPerSecond = promisedRequests(graph);
  const balancers = [...new Set(names.doors.map(({ balancer }) => balancer))];
  return distinct([
    ...notUnderstood(graph),
    ...regionFindings(graph, names),
    ...nameFindings(graph, domain, names),
    ...balancers.flatMap((balancer) => balancerFindings(graph, balancer, domain, names)),
    ...balancers.flatMap((balancer) =>
      groupsOf(graph, graph.attribute(balancer, 'arn')).flatMap((arn) => targetFindings(graph, arn, balancer)),
    ),
    ...aliasFindings(graph),
    ...functionFindings(graph, requestsPerSecond),
    ...tableFindings(graph, requestsPerSecond),
  ]);
}

const SHOWN = 12;
/** A search makes thousands of twins of one stack. */
const sound = new WeakSet<Graph>();

/** Throws InputError that names every reason why the stack cannot serve. */
export function refuseWhatCannotServe(graph: Graph, domain: string): void {
  if (sound.has(graph)) return;
  const findings = whatCannotServe(graph, domain);
  if (findings.length === 0) return void sound.add(graph);
  const lines = findings.slice(0, SHOWN).map(({ address, sentence }) => `${address} ${sentence}`);
  const rest = findings.length - SHOWN;
  throw new InputError(
    'the stack',
    `cannot serve, so there is nothing to lose in a drill: ${lines.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`,
    'Mend what is named, and drill again',
  );
}

const groupsOf = (graph: Graph, balancerArn: unknown): string[] =>
  readListeners(graph, balancerArn).flatMap(({ rules }) =>
    rules.flatMap(({ action }) => (action.kind === 'forward' ? action.groups.map(({ arn }) => arn) : [])),
  );

/** `objectives.requestsPerSecond`, as the stack's output says. */
function promisedRequests(graph: Graph): number | undefined {
  const objectives = graph.outputs['objectives'];
  const given =
    typeof objectives === 'object' && objectives !== null
      ? (objectives as Readonly<Record<string, unknown>>)['requestsPerSecond']
      : undefined;
  return typeof given === 'number' && Number.isFinite(given) ? given : undefined;
}
