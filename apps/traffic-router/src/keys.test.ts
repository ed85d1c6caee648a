// Keys are read from another region's replica of the secret while the region's own gives no answer.
import { createTelemetry, FakeClock, FakeSecrets } from '@dr/handler-core';
import { createKeyCheck } from './keys';

const TEXT = JSON.stringify({ current: 'one' });

function checked(own: FakeSecrets, ...peers: readonly FakeSecrets[]) {
  const clock = new FakeClock();
  const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'r', write: () => undefined });
  const check = createKeyCheck({ clock, telemetry, secrets: own, peerSecrets: peers, secretName: 'keys' });
  const as = (key: string): Promise<number> =>
    check(`Bearer ${key}`).then(
      () => 200,
      (problem: { status: number }) => problem.status,
    );
  return { clock, as, reads: () => [own, ...peers].map(({ reads }) => reads) };
}

const failing = (): FakeSecrets => Object.assign(new FakeSecrets(TEXT), { failing: true });

test('a peer is asked only where the own region gives no answer, the nearest first', async () => {
  const well = checked(new FakeSecrets(TEXT), new FakeSecrets(TEXT));
  expect([await well.as('one'), well.reads()]).toEqual([200, [1, 0]]);
  const away = checked(failing(), new FakeSecrets(TEXT), new FakeSecrets(TEXT));
  expect([await away.as('one'), await away.as('two'), away.reads()]).toEqual([200, 401, [1, 1, 0]]);
  const both = checked(failing(), failing(), new FakeSecrets(TEXT));
  expect([await both.as('one'), both.reads()]).toEqual([200, [1, 1, 1]]);
});

test('a region that hangs costs no more than its share of the time', async () => {
  const hangs = Object.assign(new FakeSecrets(TEXT), { read: () => new Promise<never>(() => undefined) });
  const { as, clock } = checked(hangs, new FakeSecrets(TEXT));
  const answer = as('one');
  await clock.advance(700);
  expect(await answer).toBe(200);
});

test('that there is no secret is an answer, and no peer is asked', async () => {
  const { as, reads } = checked(new FakeSecrets(undefined), new FakeSecrets(TEXT));
  expect([await as('one'), reads()]).toEqual([503, [1, 0]]);
});

test('fails while no region answers, and tries again after a pause', async () => {
  const own = failing();
  const { as, clock, reads } = checked(own, failing());
  expect([await as('one'), await as('one'), reads()]).toEqual([503, 503, [1, 1]]);
  own.failing = false;
  await clock.advance(5_000);
  expect([await as('one'), reads()]).toEqual([200, [2, 1]]);
});
