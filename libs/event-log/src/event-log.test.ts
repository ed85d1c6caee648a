import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { fileLines, knownEvents, readLog, SCHEMA, type KeptEvents, type LoggedEvent, type LogHeader } from '.';

const HEADER: Omit<LogHeader, 'kind' | 'schema'> = {
  program: 'dr 0.1.0',
  commit: 'abc',
  writtenAt: '2026-01-05T00:00:00.000Z',
  run: 'drill',
  seed: 7,
  domain: 'app.example.com',
  regions: [{ name: 'mumbai', awsRegion: 'ap-south-1' }],
  routing: 'latency',
  settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 },
  faults: [],
  orders: [],
  stackSha256: 'ab',
};
const EVENTS: LoggedEvent[] = [
  { atMs: 0, kind: 'dns-answer', name: 'app.example.com', from: 'mumbai', regions: ['mumbai'] },
  { atMs: 1.5, kind: 'checker', healthCheck: 'h', checker: 'eu-west-1/1', region: 'mumbai', healthy: false },
];

function kept(events: readonly object[]): KeptEvents {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  const hash = () => createHash('sha256').update(lines.join('')).digest('hex');
  return { length: events.length, lines: () => lines, hash };
}
const fileOf = (events: readonly object[] = EVENTS, header: object = HEADER): string =>
  [...fileLines(header as typeof HEADER, kept(events), { atMs: 2_000, passed: true, reasons: [] })].join('');

test('what is written is read', () => {
  const log = readLog(fileOf(), 'events.jsonl');
  expect(log.header).toEqual({ kind: 'log', schema: SCHEMA, ...HEADER });
  expect(log.events).toEqual(EVENTS);
  expect(log.end).toMatchObject({ atMs: 2_000, events: 2, passed: true });
});

test('the SHA-256 is that of the lines between the first and the last', () => {
  const lines = fileOf().split('\n');
  const between = `${lines.slice(1, -2).join('\n')}\n`;
  expect(readLog(fileOf(), 'x').end?.sha256).toBe(createHash('sha256').update(between).digest('hex'));
});

test('an unknown kind is kept as it is, and apart from the known', () => {
  const strange = { atMs: 1.7, kind: 'meteor', size: 3 };
  const log = readLog(fileOf([...EVENTS, strange]), 'x');
  expect(log.events.at(-1)).toEqual(strange);
  expect(knownEvents(log)).toEqual(EVENTS);
});

test('fields of a later version are kept', () => {
  const more = { ...EVENTS[0], colour: 'blue' };
  expect(readLog(fileOf([more], { ...HEADER, mood: 'good' }), 'x')).toMatchObject({
    header: { mood: 'good' },
    events: [more],
  });
});

test('a log that was cut anywhere is read up to there, and known to be cut', () => {
  const whole = fileOf();
  const firstLine = whole.indexOf('\n') + 1;
  fc.assert(
    fc.property(fc.integer({ min: firstLine, max: whole.length - 1 }), (at) => {
      const log = readLog(whole.slice(0, at), 'x');
      expect(log.end).toBeNull();
      expect(EVENTS.slice(0, log.events.length)).toEqual(log.events);
    }),
  );
});

const cut = (text: string): string => text.slice(0, text.indexOf('\n') - 5);
const changed = (from: string, to: string): string => fileOf().replace(from, to);
test.each([
  ['nothing', '', 'is no event log'],
  ['another file', '{"name":"package"}\n', 'is no event log'],
  ['half a first line', cut(fileOf()), 'is no event log'],
  ['a later schema', changed('"schema":1', '"schema":3'), 'has schema 3; this version reads 1'],
  ['a first line without a seed', changed('"seed":7,', ''), 'line 1: seed'],
  ['a line that is no JSON', changed('{"atMs":1.5', '{atMs:1.5'), 'line 3: is no JSON object'],
  ['an event without a time', changed('"atMs":1.5,', ''), 'line 3: has no kind or no time'],
  ['an event out of order', changed('"atMs":1.5', '"atMs":-1'), 'line 3: comes before'],
  ['a field of another type', changed('"healthy":false', '"healthy":"no"'), 'line 3: healthy'],
  ['an event that was changed', changed('"healthy":false', '"healthy":true'), 'was changed after it was written'],
  ['two logs in one file', fileOf() + fileOf(), 'line 5: follows the end of the log'],
])('%s is refused: where, why, the fix', (_, text, says) => {
  expect(() => readLog(text, 'events.jsonl')).toThrow(says);
});
