// Clients that the promise is not about are counted apart: in no total, no curve and no clock of the others.
import type { LoggedEvent } from '@dr/event-log';
import { logOf } from '../testing/logs';
import { runReportOf } from '../report/run';
import { verdictOf } from '../words/verdict';
import { apartRecoveries } from './down';
import { RunLog } from './run-log';

const asked = (client: string, atMs: number, ok: boolean, population?: string): LoggedEvent => ({
  ...{ atMs, kind: 'request', client, home: 'mumbai', method: 'GET', route: 'GET /', itemId: 'a', region: 'mumbai' },
  ...{ startedMs: atMs - 1_000, outcome: ok ? 'ok' : 'http-error' },
  ...(population === undefined ? {} : { population }),
});
const told = (client: string): LoggedEvent => ({
  ...{ atMs: 0, kind: 'dns-query', name: 'app', client, region: 'mumbai', ttlSeconds: 10 },
});

const given = logOf({
  more: [
    ...['a', 'keeps-0000', 'keeps-0001', 'far-0000'].map(told),
    asked('a', 70_000, false),
    asked('keeps-0000', 71_000, false, 'keeps'),
    asked('keeps-0001', 72_000, true, 'keeps'),
    asked('far-0000', 73_000, true, 'far'),
    asked('a', 90_000, true),
    asked('keeps-0000', 150_000, true, 'keeps'),
  ],
});

test.each(['read whole', 'as it grows'])('%s', (how) => {
  const log = how === 'read whole' ? new RunLog(given) : RunLog.running(given.header);
  if (how !== 'read whole') {
    for (const event of given.events) log.append([event]);
    if (given.end) log.finish(given.end);
  }
  const { clients } = log;
  expect(clients.all.map(({ id }) => id)).toEqual(['a']);
  expect(clients.requests).toHaveLength(2);
  expect(clients.failures).toBe(1);
  expect(clients.turns).toHaveLength(2);
  expect(apartRecoveries(log, { startMs: 60_000, endMs: 120_000 })).toMatchObject([
    { population: 'keeps', clients: 2, felt: [{ atMs: 150_000 }] },
    { population: 'far', clients: 1, felt: [] },
  ]);
  expect(clients.apart.get('keeps')?.all[0]?.told.values).toHaveLength(1);
  const [down] = verdictOf(log).facts.filter(({ name }) => name === 'Down at worst');
  expect(down?.value).toContain('30.0');
  expect(down?.notes.at(-1)?.text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')).toBe(
    'counted apart: keeps 90.0 s (1 of 2), far none of 1',
  );
  const { run } = runReportOf(log, { assumptions: [] });
  expect([run.clients, run.requests, run.hurt.clients, run.hurt.worstSeconds]).toEqual([1, 2, 1, 30]);
});
