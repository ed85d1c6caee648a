// A first apply in virtual time: when each resource of the stack comes to exist, from Terraform's own order of dependencies.
import type { Graph } from '@dr/terraform-json';
import type { Random } from './kernel/random';

/** Asked by services whose resources may not exist yet. */
export interface Creation {
  /** Virtual ms at which the resource has been created. */
  atMs(address: string): number;
  /** When the last one has. */
  readonly doneMs: number;
}

/** [A] Seconds to create a resource, shortest and longest; what is not named takes OTHER. */
const SECONDS: Readonly<Record<string, readonly [number, number]>> = {
  aws_lb: [100, 300],
  aws_acm_certificate_validation: [20, 300],
  aws_dynamodb_table: [30, 400],
  aws_nat_gateway: [80, 180],
  aws_vpc_endpoint: [10, 120],
  aws_lambda_function: [5, 40],
  // Terraform waits until all of Route 53's name servers have a record.
  aws_route53_record: [15, 70],
};
const OTHER = [0.3, 6] as const;
/** Terraform creates so many at once (`terraform apply -parallelism`). */
const PARALLELISM = 10;

/**
 * Throws when dependencies go round in a circle, as Terraform would. `standing`: the stack that was there before; what has an address
 * in it exists from the beginning.
 */
export function createdInOrder(graph: Graph, random: Random, standing?: Graph): Creation {
  const managed = graph.resources.filter(({ mode }) => mode === 'managed');
  const created = new Map<string, number>();
  for (const { address } of managed) if (standing?.get(address)) created.set(address, 0);
  const waiting = new Map(
    managed
      .filter(({ address }) => !created.has(address))
      .map(({ address }) => [address, dependenciesOf(graph, address)]),
  );
  const running: { address: string; endMs: number }[] = [];
  let nowMs = 0;
  while (created.size < managed.length) {
    for (const { address, type } of managed) {
      if (running.length >= PARALLELISM) break;
      const needs = waiting.get(address);
      if (!needs || ![...needs].every((need) => created.has(need))) continue;
      waiting.delete(address);
      const [least, most] = SECONDS[type] ?? OTHER;
      running.push({ address, endMs: nowMs + random.between(least, most) * 1_000 });
    }
    const next = running.sort((a, b) => a.endMs - b.endMs).shift();
    if (!next) throw new Error(`resources depend on each other: ${[...waiting.keys()].join(', ')}`);
    nowMs = next.endMs;
    created.set(next.address, nowMs);
  }
  return { atMs: (address) => created.get(address) ?? 0, doneMs: nowMs };
}

/** Managed resources that must exist before; those that only a data source needs count through it. */
function dependenciesOf(graph: Graph, address: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (at: string): void => {
    const resource = graph.get(at);
    if (!resource) return;
    for (const next of [...resource.dependsOn, ...Object.values(resource.references).flat()]) {
      const target = graph.get(next);
      if (!target || found.has(next) || next === address) continue;
      if (target.mode === 'managed') found.add(next);
      else visit(next);
    }
  };
  visit(address);
  return found;
}
