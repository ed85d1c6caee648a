// Clients that the promise is not about, as the console shows them: their own figures, and nothing where none run.
import type { LoggedEvent } from '@dr/event-log';
import { RunLog } from '../log/run-log';
import { logOf } from '../testing/logs';
import { apartRows } from './apart';

const asked = (client: string, atMs: number, ok: boolean): LoggedEvent => ({
  ...{ atMs, kind: 'request', client, population: client.split('-')[0] ?? '', home: 'mumbai', method: 'GET' },
  ...{ route: 'GET /', itemId: 'a', region: 'mumbai', startedMs: atMs - 1_000, outcome: ok ? 'ok' : 'http-error' },
});
const populations = [
  { name: 'keeps', share: 0.05 },
  { name: 'stretches', share: 0.09 },
  { name: 'far', share: 0.03 },
];

function live(events: readonly LoggedEvent[], given: Partial<RunLog['header']> = { populations }): RunLog {
  const { header, events: others } = logOf();
  const log = RunLog.running({ ...header, run: 'live', ...given });
  log.append([...others, ...events].sort((a, b) => a.atMs - b.atMs));
  return log;
}
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const shown = (log: RunLog) =>
  apartRows(log).map(({ name, clients, down, affected, times }) => [
    name,
    ...[clients, down, affected],
    ...times.map(plain),
  ]);

test('each population has its own percentiles, by nearest rank, and says how many of it are down now', () => {
  const backAt = [70, 80, 90].map((seconds) => seconds * 1_000);
  const keeps = backAt.flatMap((ms, index) => [
    asked(`keeps-000${index}`, 65_000, false),
    asked(`keeps-000${index}`, ms, true),
  ]);
  const log = live([...keeps, asked('stretches-0000', 65_000, false), asked('far-0000', 66_000, true)]);
  expect(shown(log)).toEqual([
    ['keeps', '3', '0', '3', '20.0 s', '30.0 s', '30.0 s'],
    ['stretches', '1', '1', '1', 'not back', 'not back', 'not back'],
    ['far', '1', '0', '0', '', '', ''],
  ]);
  expect(apartRows(log)[0]?.who).toMatch(/^keep their connections/);
});

test('one that has sent nothing yet has a row; where none run there is no row', () => {
  expect(shown(live([]))[0]).toEqual(['keeps', '0', '0', '0', '', '', '']);
  expect(apartRows(live([asked('keeps-0000', 65_000, false)], {}))).toEqual([]);
});
