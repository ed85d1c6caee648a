// Which regions serve, seen from outside.
import { systemOf, type Setup } from '../testing/run-on';

async function status(setup: Setup) {
  const { system, dr } = systemOf(setup);
  const { code, out, seconds } = await dr('status --json');
  const { regions } = JSON.parse(out || '{"regions":[]}') as { regions: Record<string, unknown>[] };
  return { system, dr, code, seconds, regions };
}

test('regions that beat and are reached serve, and that is seen within two beats', async () => {
  const { code, regions, seconds, dr } = await status({});
  expect(code).toBe(0);
  expect(regions).toMatchObject([
    { region: 'mumbai', serves: true, tableAnswers: true, beats: true, state: 'serving', openOrder: null },
    { region: 'singapore', serves: true },
  ]);
  // Both regions are watched at once, and waiting for either is waiting for both.
  expect(seconds).toBeLessThan(30);
  expect((await dr('status')).out).toMatch(/^mumbai {5}serves/);
});

test('a region whose heart has stopped does not serve, whatever its record says', async () => {
  const { code, regions } = await status({ stopped: ['mumbai'] });
  expect(code).toBe(0);
  expect(regions[0]).toMatchObject({ state: 'serving', beats: false, serves: false, tableAnswers: true });
});

test('a dark region is seen through the others', async () => {
  const { regions } = await status({ dark: ['mumbai'] });
  expect(regions).toMatchObject([{ tableAnswers: false, serves: false }, { serves: true }]);
});

test('an order that is not decided yet, and one that is, are shown', async () => {
  const { dr } = systemOf({ stopped: ['mumbai'] });
  await dr('evacuate --region mumbai');
  expect((await dr('status')).out).toMatch(/order 1 \(evacuate, given in singapore\) is not decided/);
  const living = systemOf();
  await living.dr('evacuate --region mumbai');
  expect((await living.dr('status')).out).toMatch(
    /mumbai .*evacuated.* order 1 \(evacuate\): obeyed, singapore serves/,
  );
});

test('fails when nobody serves, and when nobody answers', async () => {
  expect((await status({ stopped: ['mumbai', 'singapore'] })).code).toBe(1);
  expect(await systemOf({ dark: ['mumbai', 'singapore'] }).dr('status')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('No region answers'),
  });
});
