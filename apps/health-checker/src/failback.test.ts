// health-checker with failback by hand: what it answers, logs and measures while the region waits, and when it serves again.
import { orderKey, type OrderRecord } from '@dr/contracts/system';
import { syntheticGet } from '@dr/handler-core';
import { serving } from './testing/serving-region';

/** Longer than W: nobody asks, and nothing beats. */
const AWAY_MS = 120_000;

async function returned(failback: 'automatic' | 'manual' = 'manual') {
  const parts = await serving({ failback });
  await parts.clock.advance(AWAY_MS);
  const live = async (seconds: number) => {
    let last = await parts.beat();
    for (let passed = 5; passed < seconds; passed += 5) last = await parts.beat();
    return last;
  };
  const order = (wait?: number, number = 1): void => {
    const about = { id: 'control', timestamp: orderKey('singapore', 'mumbai'), writer: 'singapore', target: 'mumbai' };
    const expiresAtMs = parts.clock.now() + 3_600_000;
    const record: OrderRecord = {
      ...about,
      id: 'control',
      kind: 'readmit',
      number,
      expiresAtMs,
      ...(wait === undefined ? {} : { wait }),
    };
    parts.table.apply({ ...record });
  };
  const waited = (): number[] =>
    parts.lines.flatMap(({ FailbackWaitingSeconds: seconds }) => (typeof seconds === 'number' ? [seconds] : []));
  return { ...parts, live, order, waited };
}

it('answers 503 for as long as nobody orders the region back, and says that it waits', async () => {
  const { live, record, environment, lines, waited } = await returned();
  expect(await live(60)).toMatchObject({ status: 503, body: { reason: 'recovering' } });
  expect(waited()).toEqual([]);
  expect(await live(1_800)).toMatchObject({ status: 503, body: { reason: 'waiting' } });
  expect(record()).toMatchObject({ state: 'recovering', wait: { number: expect.any(Number) as number } });
  // Peers are told the same, and everybody who asks.
  expect(await environment(syntheticGet('/health'))()).toMatchObject({ status: 503, body: { reason: 'waiting' } });
  expect(lines.filter(({ reason }) => reason === 'waits')).toEqual([expect.objectContaining({ state: 'waiting' })]);
  expect(waited().at(-1)).toBeGreaterThan(1_700);
  expect([...waited()].sort((a, b) => a - b)).toEqual(waited());
});

it('serves at the beat that reads the order for this wait, and measures no wait any more', async () => {
  const { live, record, order, waited, lines } = await returned();
  await live(120);
  order(record().wait?.number);
  expect(await live(5)).toMatchObject({ status: 200 });
  expect(record()).toMatchObject({ state: 'serving', lastOrder: { kind: 'readmit', outcome: 'obeyed' } });
  expect(record()).not.toHaveProperty('wait');
  const before = waited().length;
  await live(60);
  expect(waited()).toHaveLength(before);
  expect(lines.at(-1)).not.toHaveProperty('FailbackWaitingSeconds');
});

it('refuses an order that came before the region had caught up, and does not serve by it later', async () => {
  const { live, record, order } = await returned();
  await live(10);
  order();
  expect(await live(300)).toMatchObject({ status: 503, body: { reason: 'waiting' } });
  expect(record().lastOrder).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(/has not caught up/) as string,
  });
});

it('takes no order of the outage before for the next one', async () => {
  const { live, record, order, clock } = await returned();
  await live(120);
  const before = record().wait?.number;
  await clock.advance(AWAY_MS);
  await live(120);
  expect(record().wait?.number).toBeGreaterThan(before ?? Infinity);
  // It was given for the first wait, and replication brings it now.
  order(before);
  expect(await live(60)).toMatchObject({ status: 503, body: { reason: 'waiting' } });
  expect(record()).toMatchObject({ closed: 1, lastOrder: { outcome: 'refused' } });
  order(record().wait?.number, 2);
  expect(await live(5)).toMatchObject({ status: 200 });
});

it('serves without an order when no other region does any more, and says so', async () => {
  const { live, probe, clock, record, lines } = await returned();
  await live(120);
  for (let seconds = 0; seconds < 30; seconds += 5) {
    await clock.advance(5_000);
    await probe();
  }
  expect(record().state).toBe('serving');
  expect(lines.find(({ reason }) => reason === 'returned-unasked')).toMatchObject({
    level: 'WARN',
    message: expect.stringMatching(/^mumbai returned to service without an order: no other region serves/) as string,
  });
});

it('fails to wait where failback is automatic', async () => {
  const { live, record } = await returned('automatic');
  expect(await live(90)).toMatchObject({ status: 200 });
  expect(record()).not.toHaveProperty('wait');
});
