// What is different between two graphs of a stack, as far as it means something when a region is lost.
import { ifKnown, knownOrAbsent, type Graph, type PlannedChange, type Resource } from '@dr/terraform-json';
import { kindOf } from './kinds';
import type { Kind, Place, Said } from './kinds/kind';

export interface ChangedSetting {
  readonly key: string;
  readonly was: Said;
  readonly is: Said;
  /** Part of a sentence: what changes, and what follows. */
  readonly sentence: string;
  readonly isTiming: boolean;
}

export interface StackChange {
  readonly address: string;
  readonly type: string;
  /** As Terraform says them: `create`, `update`, `delete`, or two for a replacement in their order; `forget`. */
  readonly actions: readonly string[];
  readonly was: Place | undefined;
  readonly is: Place | undefined;
  readonly settings: readonly ChangedSetting[];
  /** One sentence without an end. */
  readonly meaning: string;
}

/** Is it deleted and made again? */
export const isReplaced = ({ actions }: Pick<StackChange, 'actions'>): boolean =>
  actions.includes('delete') && actions.includes('create');

export const isRemoved = ({ actions }: Pick<StackChange, 'actions'>): boolean =>
  actions.includes('delete') && !actions.includes('create');

/**
 * `base` is compared with; where it is what the plan says is applied now, only what the plan says it does is a change. Empty where
 * nothing is applied yet: then all is new.
 */
export function changesOf(base: Graph, graph: Graph): StackChange[] {
  if (!base.resources.some(isManaged)) return [];
  const planned = new Map(graph.planned.map((one) => [one.address, one]));
  const isOwn = base === graph.before;
  const before = new Before(base);
  const found = graph.resources.filter(isManaged).flatMap((resource): StackChange[] => {
    const plan = planned.get(resource.address);
    const old = before.take(resource, plan?.previousAddress);
    const isSame = isOwn && plan === undefined && old?.address === resource.address;
    return isSame ? [] : changeOf(old && { graph: base, resource: old }, { graph, resource }, { plan, isOwn });
  });
  // What an incomplete plan does not speak of is not removed by it.
  const gone = before
    .rest()
    .filter(({ address }) => !isOwn || planned.has(address))
    .flatMap((old) => changeOf({ graph: base, resource: old }, undefined, { plan: planned.get(old.address), isOwn }));
  return inOrder([...found, ...gone], graph.planned);
}

const isManaged = ({ mode }: Resource): boolean => mode === 'managed';

/** The plan's order; what it does not say comes after it, as it stands. */
function inOrder(changes: readonly StackChange[], planned: readonly PlannedChange[]): StackChange[] {
  const places = new Map(planned.map(({ address }, at) => [address, at]));
  const placeOf = ({ address }: StackChange): number => places.get(address) ?? planned.length;
  return [...changes].sort((a, b) => placeOf(a) - placeOf(b));
}

/** The resources of the base: each is taken by the one that it is now. */
class Before {
  private readonly left: Map<string, Resource>;
  private byArn: ReadonlyMap<string, Resource> | undefined;

  constructor(private readonly base: Graph) {
    this.left = new Map(base.resources.filter(isManaged).map((one) => [one.address, one]));
  }

  take({ address, type, values }: Resource, previous: string | undefined): Resource | undefined {
    const named = this.left.get(address) ?? this.left.get(previous ?? '') ?? this.left.get(arnIn(values) ?? '');
    const found = named?.type === type ? named : this.withArn(arnIn(values));
    if (found) this.left.delete(found.address);
    return found;
  }

  rest(): Resource[] {
    return [...this.left.values()];
  }

  /** The same resource under another address. */
  private withArn(arn: string | undefined): Resource | undefined {
    if (arn === undefined) return undefined;
    this.byArn ??= new Map(
      this.base.resources.filter(isManaged).flatMap((one) => {
        const own = arnIn(one.values);
        return own === undefined ? [] : [[own, one] as const];
      }),
    );
    const found = this.byArn.get(arn);
    return found && this.left.has(found.address) ? found : undefined;
  }
}

function arnIn(values: Resource['values']): string | undefined {
  const arn = knownOrAbsent(() => values['arn']);
  return typeof arn === 'string' ? arn : undefined;
}

interface PlanSaid {
  readonly plan: PlannedChange | undefined;
  /** Does the plan speak of what it is compared with? Of another base it says only that what is in both is made again. */
  readonly isOwn: boolean;
}

function changeOf(was: Place | undefined, is: Place | undefined, { plan, isOwn }: PlanSaid): StackChange[] {
  const resource = (is ?? was)?.resource;
  const kind = resource && kindOf(resource.type);
  if (!resource || !kind || isValidation(resource)) return [];
  const settings = was && is ? settingsChanged(kind, was, is) : [];
  const compared = was && is ? 'update' : is ? 'create' : 'delete';
  const isSaid = isOwn || (compared === 'update' && plan !== undefined && isReplaced(plan));
  const actions = (isSaid && plan?.actions) || [compared];
  if (compared === 'update' && settings.length === 0 && !isReplaced({ actions })) return [];
  const of = { address: resource.address, type: resource.type, actions };
  return [{ ...of, was, is, settings, meaning: meaningOf(kind, actions, settings) }];
}

/** ACM's validation records: nobody is routed by them. */
const isValidation = ({ type, values }: Resource): boolean =>
  type === 'aws_route53_record' && String(knownOrAbsent(() => values['name']) ?? '').startsWith('_');

function meaningOf(kind: Kind, actions: readonly string[], settings: readonly ChangedSetting[]): string {
  const { noun, removed, replaced } = kind;
  if (actions.includes('forget')) return `${noun} stays in AWS, and Terraform no longer looks after it`;
  const more = settings.map(({ sentence }) => sentence);
  if (isReplaced({ actions })) return [`${noun} is deleted and made again: ${replaced}`, ...more].join('; ');
  if (isRemoved({ actions })) return `${noun} is removed: ${removed}`;
  return actions.includes('create') ? `${noun} is new` : more.join('; ');
}

function settingsChanged({ settings }: Kind, was: Place, is: Place): ChangedSetting[] {
  return settings.flatMap(({ key, read, says, matters, isTiming = false }) => {
    const [old, now] = [was, is].map((place) => ifKnown(() => read(place)));
    if (!old || !now || !('value' in old)) return [];
    if (!('value' in now)) {
      const sentence = `${key} is known only after the apply`;
      return [{ key, was: old.value, is: undefined, sentence, isTiming }];
    }
    if (old.value === now.value || matters?.(old.value, now.value) === false) return [];
    return [{ key, was: old.value, is: now.value, sentence: says(old.value, now.value), isTiming }];
  });
}
