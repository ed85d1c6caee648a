// What a change makes slower: the same name, the same loss, before the plan and after it.
import { declaredHealthChecks, readNames, type DnsRecord, type HealthCheckSpec } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { judgeNames, type JudgedName } from './judge';

export interface Slower {
  /** Of the record or the health check that changes. */
  readonly address: string;
  /** e.g. `TTL 10 -> 300`. */
  readonly change: string;
  /** e.g. `worst client 57 s -> 347 s`. */
  readonly effect: string;
  /** e.g. `app.example.com, region-dark in eu-west-1`. */
  readonly where: string;
}

/** `after` is what has been judged of the plan. */
export function slowerThan(before: Graph, graph: Graph, after: readonly JudgedName[]): Slower[] {
  const names = readNames(before);
  const judged = judgeNames({ graph: before, names, checks: declaredHealthChecks(before) });
  return after.flatMap(({ name, faults }) => {
    const was = judged.find((one) => one.name === name)?.faults ?? [];
    const [worse] = faults
      .flatMap(({ fault, awsRegion, span }) => {
        const then = was.find((one) => one.fault === fault && one.awsRegion === awsRegion)?.span?.worst ?? null;
        const now = span?.worst ?? null;
        return then !== null && now !== null && now > then ? [{ fault, awsRegion, then, now }] : [];
      })
      .sort((a, b) => b.now - b.then - (a.now - a.then));
    if (!worse) return [];
    const effect = `worst client ${worse.then} s -> ${worse.now} s`;
    const where = `${name}, ${worse.fault} in ${worse.awsRegion}`;
    return changesOf(before, graph, name).map((one) => ({ ...one, effect, where }));
  });
}

/** Settings of the name's records and of their health checks that are not what they were. */
function changesOf(before: Graph, graph: Graph, name: string): Pick<Slower, 'address' | 'change'>[] {
  const [was, is] = [before, graph].map((one) => ({
    names: readNames(one),
    checks: [...declaredHealthChecks(one).values()],
  }));
  const records = is?.names.recordsOf(name) ?? [];
  const used = new Set(records.map(({ healthCheckId }) => healthCheckId));
  const ofRecords = records.flatMap((record) => {
    const old = was?.names.records.find(({ address }) => address === record.address);
    return old ? differences(record.address, ttlOf(old), ttlOf(record)) : [];
  });
  const ofChecks = (is?.checks ?? [])
    .filter(({ id }) => used.has(id))
    .flatMap((check) => {
      const old = was?.checks.find(({ address }) => address === check.address);
      return old ? differences(check.address, timingOf(old), timingOf(check)) : [];
    });
  const found = [...ofRecords, ...ofChecks];
  return found.length > 0 ? found : [{ address: name, change: 'this plan' }];
}

type Settings = Readonly<Record<string, number>>;

const ttlOf = ({ ttlSeconds }: DnsRecord): Settings => ({ TTL: ttlSeconds });

const timingOf = ({ source }: HealthCheckSpec): Settings =>
  source.kind === 'endpoint'
    ? { request_interval: source.intervalMs / 1_000, failure_threshold: source.threshold }
    : source.kind === 'calculated'
      ? { child_health_threshold: source.threshold }
      : {};

const differences = (address: string, old: Settings, now: Settings): Pick<Slower, 'address' | 'change'>[] =>
  Object.keys(now)
    .filter((key) => old[key] !== undefined && old[key] !== now[key])
    .map((key) => ({ address, change: `${key} ${old[key]} -> ${now[key]}` }));
