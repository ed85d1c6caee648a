// A value that is known only after the apply: the attribute of the resource that will give it, or unknown with the reason.
import type { Json } from '../normalise';
import { Unknown, type Value } from '../values';
import { nameOf, type Step } from './addresses';
import { argumentAt, fitting, type Argument } from './arguments';
import { Untold } from './blocks';
import type { ShownResource } from './contents';
import { keyOfSource, type Follower, type Source } from './follow';
import { hasTrue, memberOf } from './json';

/** Arguments that AWS never fills in: unknown without an expression, they come from a `dynamic` block. */
const WRITTEN = new RegExp(
  `^aws_(${[
    'route53_record (alias|\\w+_routing_policy)',
    'dynamodb_table replica',
    'lb_listener default_action',
    'lb_listener_rule (action|condition)',
    'globalaccelerator_endpoint_group endpoint_configuration',
    'cloudfront_distribution origin(_group)?',
  ].join('|')})$`,
);
const SHOWN_AT_MOST = 3;

interface Candidate {
  readonly resource: ShownResource;
  readonly path: readonly Step[];
}

export class OpenValues {
  constructor(
    private readonly follower: Follower,
    private readonly valueAt: (resource: ShownResource, path: readonly Step[]) => Value,
  ) {}

  /** undefined where the configuration does not set it: AWS decides, and readers take AWS's default. */
  valueOf(resource: ShownResource, path: readonly Step[], expression: Json | Untold | undefined): Value {
    const { module, key, block, type } = resource;
    if (expression === undefined) return unwritten(resource, path);
    const argument = argumentAt(type, path);
    if (expression instanceof Untold) {
      const isSet = argument !== undefined || expression.names.has(nameOf(path.at(-1)) ?? '');
      return isSet ? new Unknown('the plan does not say which block of the configuration it is') : undefined;
    }
    const sources = this.follower.sourcesOf(expression, { module, key, block });
    const lost = sources.find((source) => 'lost' in source);
    if (lost && 'lost' in lost) return new Unknown(lost.lost);
    const open = sources.filter((source) => 'resource' in source && isOpen(source.resource, source.path));
    if (!argument) return new Unknown(madeOf(open));
    const candidates = candidatesFor(argument, open);
    const isElement = nameOf(path.at(-1)) === undefined;
    if (argument.isList && !isElement) return this.list(argument, candidates, open, sources);
    const [only, other] = candidates;
    if (only && !other) return this.valueAt(only.resource, only.path);
    if (!only) return new Unknown(madeOf(open));
    return new Unknown(`it is one of ${named(candidates.map(keyOfSource))}, and the plan does not say which`);
  }

  /** All that the list refers to; a known value beside them may be one of it, or only decide. */
  private list(
    { name }: Argument,
    candidates: readonly Candidate[],
    open: readonly Source[],
    sources: readonly Source[],
  ): Value {
    if (candidates.length === 0 || candidates.length < open.length) return new Unknown(madeOf(open));
    if (sources.length > open.length) return new Unknown(`the plan does not say all of ${name}`);
    return candidates.map(({ resource, path }) => this.valueAt(resource, path));
  }
}

function unwritten({ type, block, values, unknown }: ShownResource, path: readonly Step[]): Value {
  const name = nameOf(path[0]) ?? '';
  if (!block) return new Unknown('the plan has no configuration of it');
  if (unknown === true) return new Unknown('the plan shows nothing of it');
  const isBlockUnwritten = path.length > 1 && memberOf(block['expressions'], name) === undefined;
  const isBlock = Array.isArray(values[name]) && memberOf(unknown, name) !== undefined;
  const isDynamic = WRITTEN.test(`${type} ${name}`)
    ? path.length === 1 || isBlockUnwritten
    : isBlockUnwritten && isBlock && argumentAt(type, path);
  return isDynamic ? new Unknown('a dynamic block writes it, which the plan does not show') : undefined;
}

/** Is it unknown, or is anything of the resource where the file does not say what is meant? */
function isOpen({ unknown }: ShownResource, path: readonly Step[] | undefined): boolean {
  const at = (path ?? []).reduce<Json | undefined>(
    (part, step) => (part === true ? true : stepInto(part, step)),
    unknown,
  );
  return hasTrue(at);
}

function stepInto(part: Json | undefined, step: Step): Json | undefined {
  if ('key' in step) return Array.isArray(part) ? part[Number(step.key)] : memberOf(part, String(step.key));
  // One block is written as the block itself.
  return memberOf(Array.isArray(part) && part.length === 1 ? part[0] : part, step.name);
}

function candidatesFor(argument: Argument, open: readonly Source[]): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const source of open) {
    if (!('resource' in source)) continue;
    const { resource } = source;
    const path = fitting(argument, resource, source.path);
    if (path && isOpen(resource, path)) found.set(keyOfSource({ resource, path }), { resource, path });
  }
  return [...found.values()];
}

const madeOf = (open: readonly Source[]): string =>
  open.length === 0
    ? 'the plan does not say what it is made of'
    : `it is made of ${named([...new Set(open.map(keyOfSource))])}, and the plan does not say how`;

const named = (names: readonly string[]): string => {
  const [shown, more] = [names.slice(0, SHOWN_AT_MOST), names.length - SHOWN_AT_MOST];
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' or ');
};
