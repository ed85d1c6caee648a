// Every resource of a stack: billed, free, or of unknown cost.
import type { Graph, Resource } from '@dr/terraform-json';
import { unpriced, type Bill, type Billing, type Charge } from './charge';
import { COMPUTE_BILLS } from './charges/compute';
import { DATA } from './charges/data';
import { DNS, zones } from './charges/dns';
import { dataTransfer, NETWORK } from './charges/network';
import { OPERATIONS_BILLS, OTHERS } from './charges/operations';
import { isFree } from './free';
import { grouped } from './grouped';
import { told, toldOr } from './told';
import type { Usage } from './usage';

const BILLS: Readonly<Record<string, Bill>> = {
  ...NETWORK,
  ...OPERATIONS_BILLS,
  ...DNS,
  ...COMPUTE_BILLS,
  ...DATA,
  ...OTHERS,
};

export interface Billed {
  readonly charges: readonly Charge[];
  /** Managed resources that AWS bills, or may bill. */
  readonly billed: readonly string[];
  readonly free: number;
  /** Why the cost of a resource is not known, beyond a price that is missing. */
  readonly unknown: readonly { readonly address: string; readonly why: string }[];
}

export function billsOf(graph: Graph, usage: Usage): Billed {
  const managed = graph.resources.filter(({ mode }) => mode === 'managed');
  const byType = grouped(managed, ({ type }) => type);
  const all = (type: string): readonly Resource[] => byType.get(type) ?? [];
  const billing: Billing = {
    graph,
    usage,
    ofTypes: (first, ...rest) => (rest.length === 0 ? all(first) : [first, ...rest].flatMap(all)),
  };
  const found = managed.map((resource) => billOf(resource, billing));
  const addresses = new Set(managed.map(({ address }) => address));
  const elsewhere = toldOr(() => zones(billing), []).filter(({ address }) => !addresses.has(address));
  const uncounted = graph.unknown.filter(({ path }) => path === 'count' || path === 'for_each');
  return {
    charges: [...found.flatMap(({ charges }) => charges), ...elsewhere, ...toldOr(() => dataTransfer(billing), [])],
    billed: found.filter(({ charges }) => charges.length > 0).map(({ address }) => address),
    free: found.filter(({ charges }) => charges.length === 0).length,
    unknown: [
      ...found.flatMap(({ address, why }) => (why === undefined ? [] : [{ address, why }])),
      ...uncounted.map(({ address, reason }) => ({ address, why: `how many there are is unknown: ${reason}` })),
    ],
  };
}

function billOf(resource: Resource, billing: Billing) {
  const { address, type } = resource;
  const at = { address, awsRegion: 'unknown' };
  const bill = BILLS[type];
  if (!bill) {
    if (isFree(type)) return { address, charges: [], why: undefined };
    return {
      ...{ address, charges: [unpriced('Other', at, `Resources of type ${type}`)] },
      why: `nothing is known of what ${type} costs`,
    };
  }
  const found = told(() => bill(resource, billing));
  if ('value' in found) return { address, charges: found.value, why: undefined };
  return { address, charges: [unpriced('Other', at, `Resources of type ${type}`)], why: found.why };
}
