// `terraform show -json` of a plan or of a state -> graph.
import { isObject } from '../normalise';
import type { Graph, PlannedChange } from '../graph';
import type { Reading } from '../reading';
import { canonicalType } from '../resource-types';
import { configurationIn, headOf, type Configuration } from './configuration';
import { Contents } from './contents';
import type { Uncounted } from './follow';
import { listIn, Malformed, objectAt, objectsAt, textAt, type JsonObject } from './json';
import { ShownGraph } from './shown-graph';

export type ShownKind = 'plan' | 'state';

const PLAN_FIX =
  'Give the state once it is applied (`terraform show -json`), or refer to it without a local or a condition';
const PLAN_REGION_FIX =
  "Write the region into the provider's block (a constant, or a variable of the root), or give the state once it is applied";
const STATE_FIX = 'Give the plan as well: its configuration names the providers';
/** 0.x is Terraform 0.12 to 1.0; 1.x is everything since. */
const MAJORS = new Set(['0', '1']);
const LISTED = 3;

/** What Terraform shows there; undefined for any other JSON. */
export function shownKind(json: unknown): ShownKind | undefined {
  if (!isObject(json) || typeof json['format_version'] !== 'string') return undefined;
  if (['planned_values', 'resource_changes', 'configuration'].some((key) => Object.hasOwn(json, key))) return 'plan';
  const isState =
    Object.hasOwn(json, 'values') || Object.keys(json).every((key) => /^(format|terraform)_version$/.test(key));
  return isState ? 'state' : undefined;
}

interface Common extends Reading {
  readonly directory: string;
}

/** Throws Malformed for what Terraform does not write so, and for a major version that nobody here knows. */
export function readShown(json: JsonObject, kind: ShownKind, common: Common): Graph {
  const version = textAt(json, 'format_version', 'the file');
  if (!MAJORS.has(version.split('.')[0] ?? '')) {
    throw new Malformed(`format_version ${JSON.stringify(version)}`, 'is not known here: 1.x is the last that is read');
  }
  return kind === 'plan' ? readPlan(json, common) : readState(json, undefined, common);
}

function readState(json: JsonObject, configuration: Configuration | undefined, common: Common): Graph {
  const values = objectAt(json['values'], 'values');
  const contents = new Contents(configuration);
  contents.addValues(values, 'values');
  return new ShownGraph({
    ...common,
    contents,
    notes: contents.resources.length === 0 ? ['the state holds no resources'] : [],
    uncounted: new Map(),
    incomplete: undefined,
    outputs: objectAt(values['outputs'], 'values.outputs'),
    fix: STATE_FIX,
    regionFix: STATE_FIX,
    before: () => undefined,
    planned: [],
  });
}

function readPlan(json: JsonObject, common: Common): Graph {
  const configuration = configurationIn(json);
  const planned = objectAt(json['planned_values'], 'planned_values');
  const prior = objectAt(json['prior_state'], 'prior_state');
  const changes = objectsAt(json['resource_changes'], 'resource_changes').filter((one) => one['deposed'] === undefined);
  const deferred = objectsAt(json['deferred_changes'], 'deferred_changes');
  const contents = new Contents(configuration);
  const byAddress = new Map(
    changes.map((change, at) => [textAt(change, 'address', `resource_changes[${at}]`), change]),
  );
  contents.addValues(planned, 'planned_values', byAddress);
  for (const [at, change] of changes.entries()) {
    const { actions, after } = objectAt(change['change'], `resource_changes[${at}].change`);
    const stays = isObject(after) && listIn(actions).some((action) => action !== 'delete' && action !== 'forget');
    if (stays) contents.addChange(change, `resource_changes[${at}]`);
  }
  // What data sources read during the plan stands only there.
  const earlier = objectAt(prior['values'], 'prior_state.values');
  contents.addValues(earlier, 'prior_state.values', new Map(), 'data');
  const incomplete = whyIncomplete(json, deferred);
  return new ShownGraph({
    ...common,
    contents,
    notes: notesOf(incomplete, changes, deferred),
    uncounted: uncountedIn(deferred),
    incomplete,
    outputs: objectAt(planned['outputs'], 'planned_values.outputs'),
    fix: PLAN_FIX,
    regionFix: PLAN_REGION_FIX,
    before: () => (json['prior_state'] === undefined ? undefined : readState(prior, configuration, common)),
    planned: plannedIn(changes),
  });
}

function whyIncomplete(json: JsonObject, deferred: readonly JsonObject[]): string | undefined {
  if (json['errored'] === true) return 'the plan ended with an error before it was whole';
  if (deferred.length > 0) return 'the plan defers changes to another apply';
  return json['complete'] === false
    ? 'the plan is not complete: it was narrowed (-target), or it defers changes'
    : undefined;
}

const plannedIn = (changes: readonly JsonObject[]): PlannedChange[] =>
  changes.flatMap((one) => {
    const actions = listIn(objectAt(one['change'], 'resource_changes')['actions']).map(String);
    const previous = one['previous_address'];
    if (one['mode'] === 'data' || actions.every((action) => action === 'no-op')) return [];
    return [
      {
        address: String(one['address']),
        previousAddress: typeof previous === 'string' ? previous : undefined,
        actions,
      },
    ];
  });

const addressesOf = (changes: readonly JsonObject[]): string => {
  const names = changes.slice(0, LISTED).map(({ address }) => String(address));
  return [...names, ...(changes.length > LISTED ? [`${changes.length - LISTED} more`] : [])].join(', ');
};

function notesOf(
  incomplete: string | undefined,
  changes: readonly JsonObject[],
  deferred: readonly JsonObject[],
): readonly string[] {
  const later = deferred.map((one) => objectAt(one['resource_change'], 'deferred_changes'));
  const forgotten = changes.filter((one) => {
    const { actions } = objectAt(one['change'], 'resource_changes');
    return listIn(actions).includes('forget');
  });
  return [
    ...(incomplete === undefined ? [] : [incomplete]),
    ...(later.length > 0 ? [`deferred: ${addressesOf(later)}`] : []),
    ...(forgotten.length > 0 ? [`left in AWS, and forgotten by Terraform: ${addressesOf(forgotten)}`] : []),
  ];
}

/** Nobody can say how many instances a block with a deferred change will have. */
function uncountedIn(deferred: readonly JsonObject[]): Uncounted {
  return new Map(
    deferred.map((one, at) => {
      const where = `deferred_changes[${at}]`;
      const change = objectAt(one['resource_change'], where);
      const type = textAt(change, 'type', where);
      const head = headOf(String(change['mode']), type, textAt(change, 'name', where));
      const module = typeof change['module_address'] === 'string' ? change['module_address'] : '';
      const reason = `its change is deferred (${String(one['reason'] ?? 'the plan does not say why')})`;
      const address = textAt(change, 'address', where);
      return [
        `${module} ${head}`,
        { address, type: canonicalType(type), isManaged: change['mode'] !== 'data', reason },
      ] as const;
    }),
  );
}
