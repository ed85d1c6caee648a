// The limits of every table in every region that holds it, as calls and replicated writes meet them.
import type { TableConfig } from '@dr/stack';
import { SETTLED_MS } from '../../load-scale';
import { standsFor, type World } from '../../world';
import { TableCapacity } from './capacity';
import type { AttributeMap } from './engine';
import type { Claim } from './outbox';
import { demandOf, partitionOf, readUnits, writeUnits, type Demand } from './units';

/** One call's demand of one table, for as many requests as the call stands for. */
export interface Charge {
  readonly demand: Demand;
  readonly capacity: TableCapacity;
  readonly requests: number;
}

export class TableLimits {
  private readonly capacities = new Map<string, TableCapacity>();
  private readonly configs = new Map<string, TableConfig>();

  /** Throws InputError where one simulated request stands for too many. */
  constructor(
    private readonly world: World,
    tables: readonly TableConfig[],
  ) {
    const { load, limits, scheduler } = world;
    const nowMs = (): number => scheduler.now();
    for (const config of tables) {
      this.configs.set(config.name, config);
      for (const awsRegion of config.awsRegions) {
        const counter = limits && limits.counter.bind(limits);
        const capacity = new TableCapacity(config, {
          load,
          nowMs,
          counter: (id, allowed) => counter?.(id, awsRegion, config.name, allowed),
        });
        this.capacities.set(`${awsRegion} ${config.name}`, capacity);
      }
    }
    const { peakShare } = load;
    if (peakShare === undefined) return;
    scheduler.at(SETTLED_MS, () => this.capacities.forEach((capacity) => capacity.settle(peakShare)));
  }

  /** What a call of the function asks of the tables that it names. */
  chargesOf(
    awsRegion: string,
    caller: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    tables: readonly string[],
  ): readonly Charge[] {
    const requests = standsFor(this.world, caller);
    return tables.flatMap((table) => {
      const config = this.configs.get(table);
      const capacity = this.capacities.get(`${awsRegion} ${table}`);
      const demand = config && demandOf(operation, input, table, config.hashKey);
      return demand && capacity ? [{ demand, capacity, requests }] : [];
    });
  }

  /** False: throttled, and nothing is taken. */
  take(charges: readonly Charge[]): boolean {
    const now = this.world.scheduler.now();
    const passes = charges.every(({ demand: { use, partition }, capacity, requests }) =>
      capacity.admits(use, partition, requests, now),
    );
    if (!passes) return false;
    for (const { demand, capacity, requests } of charges)
      capacity.take(demand.use, demand.partition, demand.share * demand.units * requests, now);
    return true;
  }

  /** A read is paid by its answer, beyond what it takes at least. */
  settle(charges: readonly Charge[], answerBytes: number): void {
    for (const { demand, capacity, requests } of charges) {
      const more = demand.use === 'read' ? readUnits(demand, answerBytes) - demand.share * demand.units : 0;
      if (more > 0) capacity.take(demand.use, demand.partition, more * requests, this.world.scheduler.now());
    }
  }

  /** What a write that comes from another replica takes: the same units as there. `requests`: that it stands for. */
  claimOf(table: string, item: AttributeMap | undefined, requests: number): Claim {
    const partition = partitionOf(item, this.configs.get(table)?.hashKey ?? '');
    return { partition, units: writeUnits(item) * requests, requests };
  }

  /** False: the receiver throttles it. */
  replicates(to: string, table: string, { partition, units, requests }: Claim): boolean {
    const capacity = this.capacities.get(`${to} ${table}`);
    if (!capacity) return true;
    const now = this.world.scheduler.now();
    if (!capacity.admits('write', partition, requests, now)) return false;
    capacity.take('write', partition, units, now);
    return true;
  }
}
