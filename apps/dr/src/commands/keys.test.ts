// Keys on the applied system. That rotation costs no request is shown on the twin, in libs/drills.
import { Unavailable } from '../operate/operator';
import { systemOf, type Setup } from '../testing/run-on';

const OWNER = 'ap-south-1';
const held = (system: ReturnType<typeof systemOf>['system']): unknown =>
  JSON.parse(system.secrets.get(OWNER)?.text ?? 'null') as unknown;

test('the first key, then a new one with the one before as previous; no key is printed', async () => {
  const { system, dr } = systemOf();
  const first = await dr('keys rotate');
  expect(first).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^The first key .* dr-api-keys \(mumbai\)\.\nsingapore: .* has it\n/),
  });
  expect(held(system)).toEqual({ current: system.randomText(32).replace('2', '1') });
  const { current } = held(system) as { current: string };
  const next = await dr('keys rotate --target aws');
  expect(held(system)).toEqual({ current: expect.any(String), previous: current });
  expect((held(system) as { current: string }).current).not.toBe(current);
  expect(next.out).toMatch(/^A new key .* stays good until the next rotation.*\n.*\n.*within 60 s/);
  for (const { out } of [first, next]) expect(out).not.toContain('key-');
});

test('says how the token of the health checks is renewed, which it leaves alone', async () => {
  const { dr } = systemOf();
  expect((await dr('keys rotate')).out.trimEnd().split('\n').at(-1)).toMatch(
    /health checks .* set options\.checkGeneration in dr\.config\.ts to 2 \(now 1\) and deploy/,
  );
});

test('--show prints the new key and no other', async () => {
  const { system, dr } = systemOf();
  await dr('keys rotate');
  const { current: before } = held(system) as { current: string };
  const { out } = await dr('keys rotate --show');
  expect(out.split('\n')).toContain((held(system) as { current: string }).current);
  expect(out).not.toContain(before);
});

test('a replica that does not follow is named, and does not undo the rotation', async () => {
  const { system, dr } = systemOf({ dark: ['singapore'] });
  expect(await dr('keys rotate')).toMatchObject({ code: 0, out: expect.stringMatching(/singapore: .* was not read/) });
  expect(held(system)).toMatchObject({ current: expect.any(String) });
  const late = systemOf({ onSecond: (one) => void one.secrets.delete('ap-southeast-1') });
  const { code, out, seconds } = await late.dr('keys rotate');
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/singapore: .* does not have it yet/) });
  expect(seconds).toBeLessThanOrEqual(32);
});

test.each(['not json', '{"current":""}', '{"password":"x"}', 'null'])(
  'fails with 2 rather than overwrite %s',
  async (text) => {
    const { system, dr } = systemOf();
    system.secrets.set(OWNER, { text, versionId: 'v' });
    expect(await dr('keys rotate')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^secret dr-api-keys: holds something/),
    });
    expect(system.secrets.get(OWNER)?.text).toBe(text);
  },
);

test('of two rotations at once one is done, and the other is told; no key is lost', async () => {
  const { system, dr } = systemOf();
  await dr('keys rotate');
  const { current: before } = held(system) as { current: string };
  const answers = await Promise.all([dr('keys rotate'), dr('keys rotate')]);
  expect(answers.map(({ code }) => code).sort()).toEqual([0, 1]);
  const [told] = answers.filter(({ code }) => code === 1);
  expect(told).toMatchObject({
    out: '',
    err: expect.stringMatching(/^Somebody else has rotated the keys in secret dr-api-keys/),
  });
  // Clients hold the one of before: it is the previous one still.
  expect(held(system)).toMatchObject({ previous: before });
});

test('of two first keys at once one is made', async () => {
  const { dr } = systemOf();
  const answers = await Promise.all([dr('keys rotate'), dr('keys rotate')]);
  expect(answers.map(({ code }) => code).sort()).toEqual([0, 1]);
});

test('fails with 1 when the region that owns the secret is dark', async () => {
  expect(await systemOf({ dark: ['mumbai'] }).dr('keys rotate')).toMatchObject({ code: 1, out: '' });
});

test('fails with 1, and warns of rotating again, when the new key may have been stored unheard', async () => {
  const { system, dr } = systemOf();
  const secret = system.secret.bind(system);
  const unheard = (): Promise<string | undefined> => Promise.reject(new Unavailable('PutSecretValue was not answered'));
  system.secret = (awsRegion, name) => ({ ...secret(awsRegion, name), write: unheard });
  expect(await dr('keys rotate')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/stored or not\. Look/),
  });
});

test.each<[string, Setup, RegExp]>([
  ['keys rotate --target mars', {}, /^--target "mars": is not known\. Did you mean aws\? Use one of aws, twin\n$/],
  ['keys rotate --target twin --show', {}, /^--show with --target twin/],
  ['keys rotate', { config: { options: { auth: 'none' } } }, /options\.auth = "none"/],
  ['keys rotate --target twin', { config: { options: { auth: 'none' } } }, /options\.auth = "none"/],
  ['keys', {}, /Usage: dr keys|Usage: dr/],
  ['keys turn', {}, /unknown command 'turn'/],
])('fails with 2 for %s and asks nobody', async (command, setup, message) => {
  const { system, dr } = systemOf(setup);
  const { code, out, err } = await dr(command);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect([...system.asked]).toEqual([]);
});
