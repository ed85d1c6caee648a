// The drill of any team's stack: each region is lost in each way on a twin, and clients say what becomes of every public name.
import { InputError } from '@dr/contracts';
import { askedNames, checksBehind, REVIEWED_FAULTS, untold, type ReviewedFault, type Stack } from '@dr/review';
import { declaredHealthChecks, readEndpoints, readNames } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { servingRegions } from '@dr/twin';
import { refuseWhatAwsRefuses } from '../../serving';
import { gapUnder, judged, type Row } from './judged';
import { lose } from './lose';
import { notTold, waitsForPeople } from './not-told';

export { whyItFails } from './failure';

export interface DrilledFault extends Row {
  readonly fault: ReviewedFault;
  /** AWS region. */
  readonly region: string;
}

export interface DrilledName {
  readonly name: string;
  /** How Route 53 chooses among its records; `none` for a front door's own name. */
  readonly policy: string;
  readonly faults: readonly DrilledFault[];
}

export interface NamesDrill {
  readonly names: readonly DrilledName[];
  /** What the answers rest on. */
  readonly assumptions: readonly string[];
}

export interface NamesDrillOptions {
  readonly graph: Graph;
  readonly seed: number;
  /** @default every name of the stack */
  readonly name?: string | undefined;
  /** @default every AWS region in which something answers */
  readonly region?: string | undefined;
  /** @default each */
  readonly fault?: ReviewedFault | undefined;
  /** Told before each run. */
  readonly onRun?: (run: { readonly done: number; readonly of: number }) => void;
}

/** Same stack, same seed: the same answer. Throws InputError where AWS would not take the stack, or it has nothing of what is asked for. */
export async function drillNames(options: NamesDrillOptions): Promise<NamesDrill> {
  const { graph, seed, onRun } = options;
  const stack: Stack = { graph, names: readNames(graph), checks: declaredHealthChecks(graph) };
  refuseWhatAwsRefuses(stack);
  const all = askedNames(graph, stack.names, stack.checks);
  const asked = chosen(
    'name',
    options.name,
    all.map(({ name }) => name),
  );
  const regions = chosen('region', options.region, servingRegions(graph));
  const names = all
    .filter(({ name }) => asked.includes(name))
    .map((one) => ({ ...one, gaps: notTold(one.name, stack), faults: [] as DrilledFault[] }));
  const drilled = names.filter(({ gaps }) => gaps.where.length === 0).map(({ name }) => name);
  const runs = REVIEWED_FAULTS.filter((one) => options.fault === undefined || one === options.fault).flatMap((fault) =>
    regions.map((region) => ({ fault, region })),
  );
  for (const [done, { fault, region }] of runs.entries()) {
    onRun?.({ done, of: runs.length });
    const loss = { kind: fault, region, seed };
    const met = await lose(stack, drilled, loss);
    const untoldChecks = untold(stack, { fault, awsRegion: region });
    const checksOf = (name: string): string[] =>
      [...checksBehind(name, stack)].flatMap((id) => untoldChecks.get(id) ?? []);
    const open = drilled.filter((name) => checksOf(name).length > 0);
    const noticed = open.length > 0 ? await lose(stack, open, { ...loss, failing: untoldChecks.keys() }) : met;
    for (const { name, gaps, faults } of names) {
      const seen = met.get(name);
      const gap = gapUnder(loss, gaps, checksOf(name), seen && [seen, noticed.get(name) ?? seen]);
      faults.push({ fault, region, ...judged(seen, gap, waitsForPeople(name, stack)) });
    }
  }
  return {
    names: names.map(({ name, policy, faults }) => ({ name, policy, faults })),
    assumptions: assumptionsOf(graph),
  };
}

function chosen(what: 'name' | 'region', asked: string | undefined, all: readonly string[]): readonly string[] {
  if (all.length === 0) {
    const why =
      what === 'name' ? 'has no public name that leads to an endpoint of AWS' : 'has no endpoint in a known region';
    throw new InputError('the stack', why, 'Give the files that hold it');
  }
  if (asked === undefined) return all;
  if (all.includes(asked)) return [asked];
  throw new InputError(`--${what} "${asked}"`, `the stack has no such ${what}`, `Use one of ${all.join(', ')}`);
}

/** Each endpoint that is not run. */
function assumptionsOf(graph: Graph): string[] {
  const opaque = readEndpoints(graph).filter(({ kind }) => kind !== 'accelerator' && kind !== 'distribution');
  return [
    `answered by assumption: ${opaque.map(({ resource }) => resource.address).join(', ')}`,
    'clients ask GET / alone: what becomes of data and of writes is not simulated',
  ];
}
