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
}

/** What a CloudWatch alarm says through SNS; undefined for any other text (a person's, or our own notification). */
export function decodeAlarm(text: string): AlarmMessage | undefined {
  const { AlarmName: alarmName, NewStateValue: state, StateChangeTime: time } = fieldsOf(jsonIn(text));
  return alarmMessage(alarmName, state, time);
}

/** The same from EventBridge (CloudWatch user guide, "Alarm events and EventBridge"); undefined for any other event. */
export function decodeAlarmEvent(event: unknown): AlarmMessage | undefined {
  const { source, detail, 'detail-type': type } = fieldsOf(event);
  if (source !== 'aws.cloudwatch' || type !== 'CloudWatch Alarm State Change') return undefined;
  const { alarmName, state } = fieldsOf(detail);
  const { value, timestamp } = fieldsOf(state);
  return alarmMessage(alarmName, value, timestamp);
}

function alarmMessage(alarmName: unknown, state: unknown, time: unknown): AlarmMessage | undefined {
  if (typeof alarmName !== 'string' || typeof time !== 'string') return undefined;
  if (state !== 'ALARM' && state !== 'OK' && state !== 'INSUFFICIENT_DATA') return undefined;
  // CloudWatch writes the zone as +0000, which ECMAScript's date format does not know.
  const changedAtMs = Date.parse(time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isFinite(changedAtMs) ? { alarmName, state, changedAtMs } : undefined;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
