// The event shells that carry no HTTP: SNS records, and EventBridge's schedules and alarm events.
import { jsonIn } from './json';

/** The texts of an SNS delivery; undefined when the event is no such delivery. */
export function decodeSns(event: unknown): readonly string[] | undefined {
  const records = (event as { Records?: unknown } | null)?.Records;
  if (!Array.isArray(records)) return undefined;
  return records.flatMap((record) => {
    const message = (record as { Sns?: { Message?: unknown } } | null)?.Sns?.Message;
    return typeof message === 'string' ? [message] : [];
  });
}

export const isScheduled = (event: unknown): boolean =>
  (event as { source?: unknown; 'detail-type'?: unknown } | null)?.['detail-type'] === 'Scheduled Event' ||
  (event as { source?: unknown } | null)?.source === 'aws.scheduler';

/** An alarm's state change, however it came: what SNS and EventBridge both carry. */
export interface AlarmMessage {
  readonly alarmName: string;
  readonly state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  /** Epoch ms of the alarm's state change, by CloudWatch's clock. */
  readonly changedAtMs: number;
  /** The end of the earliest data point that the alarm gives as its reason: minutes before the change where data come late. */
  readonly sinceMs: number;
}

interface Told {
  readonly alarmName: unknown;
  readonly state: unknown;
  readonly time: unknown;
  readonly reason: unknown;
  readonly periodSeconds: unknown;
}

/** What a CloudWatch alarm says through SNS; undefined for any other text (a person's, or our own notification). */
export function decodeAlarm(text: string): AlarmMessage | undefined {
  const message = fieldsOf(jsonIn(text));
  const { AlarmName: alarmName, NewStateValue: state, StateChangeTime: time, NewStateReason: reason } = message;
  return alarmMessage({ alarmName, state, time, reason, periodSeconds: fieldsOf(message['Trigger'])['Period'] });
}

/** The same from EventBridge (CloudWatch user guide, "Alarm events and EventBridge"); undefined for any other event. */
export function decodeAlarmEvent(event: unknown): AlarmMessage | undefined {
  const { source, detail, 'detail-type': type } = fieldsOf(event);
  if (source !== 'aws.cloudwatch' || type !== 'CloudWatch Alarm State Change') return undefined;
  const { alarmName, state, configuration } = fieldsOf(detail);
  const { value, timestamp, reason } = fieldsOf(state);
  const { metrics } = fieldsOf(configuration);
  const [metric] = Array.isArray(metrics) ? (metrics as readonly unknown[]) : [];
  const periodSeconds = fieldsOf(fieldsOf(metric)['metricStat'])['period'];
  return alarmMessage({ alarmName, state: value, time: timestamp, reason, periodSeconds });
}

function alarmMessage({ alarmName, state, time, reason, periodSeconds }: Told): AlarmMessage | undefined {
  if (typeof alarmName !== 'string' || typeof time !== 'string') return undefined;
  if (state !== 'ALARM' && state !== 'OK' && state !== 'INSUFFICIENT_DATA') return undefined;
  // CloudWatch writes the zone as +0000, which ECMAScript's date format does not know.
  const changedAtMs = Date.parse(time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (!Number.isFinite(changedAtMs)) return undefined;
  return { alarmName, state, changedAtMs, sinceMs: sinceOf(reason, periodSeconds, changedAtMs) };
}

/** `0.0 (02/10/19 16:59:00)`: a data point with the beginning of its period, day first ("Alarm events and EventBridge"). */
const DATA_POINT = /\((\d\d)\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)\)/g;
/** [A] A data point that is older says nothing of this change. */
const OLDEST_DATA_MS = 3_600_000;

/** The change itself where the reason names no data point from shortly before it. */
function sinceOf(reason: unknown, periodSeconds: unknown, changedAtMs: number): number {
  if (typeof reason !== 'string' || typeof periodSeconds !== 'number') return changedAtMs;
  const ends = [...reason.matchAll(DATA_POINT)]
    .map(([, day, month, year, time]) => Date.parse(`20${year}-${month}-${day}T${time}Z`) + periodSeconds * 1000)
    .filter((endMs) => endMs <= changedAtMs && endMs >= changedAtMs - OLDEST_DATA_MS);
  return Math.min(changedAtMs, ...ends);
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
