// When data reach CloudWatch: those of AWS's services minutes after they were measured, those that somebody sends within seconds (CW-01).
import type { World } from '../../world';
import type { MetricDatum } from '../ports';
import { MINUTE_MS, type Arrival } from './store';

/**
 * [A] After the end of the minute that they are of. AWS says that its services publish once a minute, and that "several minutes might
 * elapse" before anybody is told ("Monitoring health checks using CloudWatch").
 */
const OF_SERVICES = { leastMs: 60_000, mostMs: 120_000 } as const;
/** [A] After they were sent, through the embedded metric format or PutMetricData. */
const OF_CUSTOMERS = { leastMs: 500, mostMs: 3_000 } as const;
/** [A] So much later in a region whose metrics are late. */
const LATE_MS = 600_000;

/** A minute of a metric that a service publishes. */
interface ServiceMinute {
  readonly startMs: number;
  /** A fault that begins within the minute makes it late. */
  readonly arrival: { atMs: number };
  isLate: boolean;
}

/** Does an AWS service publish the metrics of that namespace? */
const isOfService = (namespace: string): boolean => namespace.startsWith('AWS/');

/** Longest time from the end of a period until an AWS service's data of it have arrived; 0 for data that customers send, which come within seconds. */
export const mostArrivalMs = (namespace: string): number => (isOfService(namespace) ? OF_SERVICES.mostMs : 0);

export class Arrivals {
  /** By metric: the minute under way. */
  private readonly minutes = new Map<string, ServiceMinute>();

  constructor(private readonly world: World) {}

  /** `key`: of the metric, see metricKey. */
  of(key: string, datum: MetricDatum): Arrival {
    const nowMs = this.world.scheduler.now();
    if (!isOfService(datum.namespace)) {
      const lateMs = this.isLate(datum) ? LATE_MS : 0;
      return { atMs: nowMs + this.delayMs(datum.namespace, OF_CUSTOMERS) + lateMs };
    }
    const minute = this.minuteOf(key, datum.namespace, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS);
    if (!minute.isLate && this.isLate(datum)) {
      minute.isLate = true;
      minute.arrival.atMs += LATE_MS;
    }
    return minute.arrival;
  }

  /** A service publishes a minute of a metric as one data point, so it arrives as a whole. */
  private minuteOf(key: string, namespace: string, startMs: number): ServiceMinute {
    const under = this.minutes.get(key);
    if (under?.startMs === startMs) return under;
    const atMs = startMs + MINUTE_MS + this.delayMs(namespace, OF_SERVICES);
    const minute = { startMs, arrival: { atMs }, isLate: false };
    this.minutes.set(key, minute);
    return minute;
  }

  private isLate({ awsRegion }: MetricDatum): boolean {
    return this.world.faults.hits('metrics-late', awsRegion);
  }

  private delayMs(namespace: string, { leastMs, mostMs }: typeof OF_SERVICES | typeof OF_CUSTOMERS): number {
    return this.world.random.stream(`cloudwatch/arrival/${namespace}`).between(leastMs, mostMs);
  }
}
