// May this plan be applied? What a protected system loses by it, and whether somebody has asked for just that.
import { heldBy, lossOf, replicasRemoved, turnedOff } from './protected';
import { providerRegions, regionsOfPlan, type PlanJson, type ResourceChange, type Values } from './plan-json';

/** `held`: AWS would refuse it half way through. `moved`: Terraform would look for it in another region and lose sight of it. */
export type LossKind = 'destroyed' | 'replaced' | 'replica-removed' | 'region-gone' | 'unprotected' | 'held' | 'moved';

export interface Loss {
  readonly kind: LossKind;
  /** Of the resource; of a region that goes as a whole, its name. */
  readonly address: string;
  /** Short name of the region that it belongs to; undefined for what all regions share. */
  readonly region: string | undefined;
  readonly what: string;
}

export interface Allowance {
  /** Regions that may be destroyed: theirs, and nothing that regions share. */
  readonly regions: readonly string[];
  /** AWS's own protection may be turned off. */
  readonly unprotect: boolean;
  /** The whole system is meant to go (`terraform plan -destroy`). */
  readonly wholeSystem: boolean;
}

/** Every loss in the plan, in its order, whole regions first. */
export function lossesOf(plan: PlanJson): Loss[] {
  const regions = regionsOfPlan(plan);
  const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
  return [
    ...regionsGone(changes, regions),
    ...changes.flatMap((one) => lossesIn(one, regions)),
    ...moved(plan, changes, regions),
  ];
}

/** Losses that nobody has asked for: an empty list is a yes. */
export const refusedLosses = (losses: readonly Loss[], allowance: Allowance): Loss[] =>
  losses.filter((loss) => !isAllowed(loss, allowance));

function isAllowed({ kind, region }: Loss, { regions, unprotect, wholeSystem }: Allowance): boolean {
  // What AWS refuses and what Terraform would lose sight of is nobody's to allow: it does not end as asked.
  if (kind === 'held' || kind === 'moved') return false;
  if (wholeSystem || (kind === 'unprotected' && unprotect)) return true;
  return region !== undefined && regions.includes(region);
}

function lossesIn({ address, type, name, change }: ResourceChange, regions: ReadonlyMap<string, string>): Loss[] {
  const { actions, before, after } = change;
  const what = before ? lossOf(type, before) : undefined;
  if (!before || what === undefined) return [];
  const region = regionIn(name, regions);
  const loss = (kind: LossKind, text: string, of = region): Loss => ({ kind, address, region: of, what: text });
  if (actions.includes('delete')) {
    const hold = heldBy(type, before);
    return [
      loss(actions.includes('create') ? 'replaced' : 'destroyed', what),
      ...(hold === undefined ? [] : [loss('held', `${hold} is on in AWS`)]),
    ];
  }
  if (!after) return [];
  return [
    ...replicasRemoved(type, before, after).map((awsRegion) =>
      loss('replica-removed', `${what}: its replica in ${awsRegion}`, aliasOf(awsRegion, regions)),
    ),
    ...turnedOff(type, before, after).map((off) => loss('unprotected', `${off} is turned off`)),
  ];
}

/** Regions of which nothing stays and nothing is new. */
function regionsGone(changes: readonly ResourceChange[], regions: ReadonlyMap<string, string>): Loss[] {
  return [...regions].flatMap(([name, awsRegion]) => {
    const own = changes.filter((one) => regionIn(one.name, regions) === name);
    const gone = own.length > 0 && own.every(({ change }) => change.actions.join() === 'delete');
    const what = `the whole region ${awsRegion}, ${own.length} resource${own.length === 1 ? '' : 's'}`;
    return gone ? [{ kind: 'region-gone' as const, address: name, region: name, what }] : [];
  });
}

/** Resources whose ARN names another region than the one that their provider has now. */
function moved(plan: PlanJson, changes: readonly ResourceChange[], regions: ReadonlyMap<string, string>): Loss[] {
  const now = providerRegions(plan);
  // The refresh has looked in the new region already: only the drift still knows what the state said.
  const applied = new Map([...changes, ...(plan.resource_drift ?? [])].map((one) => [one.address, one]));
  return [...applied.values()].flatMap(({ address, type, name, change: { before } }) => {
    const what = before ? lossOf(type, before) : undefined;
    const was = arnRegion(before);
    const is = now.get(address);
    if (what === undefined || was === undefined || is === undefined || was === is) return [];
    return [
      { kind: 'moved' as const, address, region: regionIn(name, regions), what: `${what}: from ${was} to ${is}` },
    ];
  });
}

const arnRegion = (values: Values | null): string | undefined =>
  String(values?.['arn'] ?? '').split(':')[3] || undefined;

/** The first word of a Terraform id that is a region's name: such names are no other word of any id. */
const regionIn = (id: string, regions: ReadonlyMap<string, string>): string | undefined =>
  id.split('_').find((word) => regions.has(word));

const aliasOf = (awsRegion: string, regions: ReadonlyMap<string, string>): string | undefined =>
  [...regions].find(([, region]) => region === awsRegion)?.[0];
