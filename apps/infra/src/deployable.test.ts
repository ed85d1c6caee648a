// What may not be deployed: reserved names and a local state, each named with its fix.
import { parseConfig, type DrConfigInput } from '@dr/contracts/system/config';
import { checkDeployable, obstacleLines } from './deployable';
import { configWith } from './testing/synth-in-test';

const OWN: Partial<DrConfigInput> = {
  zone: 'shop.io',
  domain: 'app.shop.io',
  alerts: { emails: ['ops@shop.io'] },
  state: { backend: 's3', bucket: 'dr-state', region: 'us-east-1' },
};
const linesOf = (overrides: Partial<DrConfigInput>): readonly string[] =>
  obstacleLines(parseConfig(configWith({ ...OWN, ...overrides })));

test('names and a bucket of your own may be deployed', () => {
  expect(linesOf({})).toEqual([]);
  expect(() => checkDeployable(parseConfig(configWith(OWN)))).not.toThrow();
});

test.each<[string, Partial<DrConfigInput>, readonly RegExp[]]>([
  [
    'zone and domain',
    { zone: 'shop.test', domain: 'a.shop.test' },
    [/^zone "shop.test", domain "a.shop.test": are names/],
  ],
  [
    'mail of one address',
    { alerts: { emails: ['a@shop.io', 'b@Mail.Example.ORG'] } },
    [/^alerts.emails "b@Mail.Example.ORG": is a name/],
  ],
  ['a near miss', { zone: 'myexample.com', domain: 'app.myexample.com' }, []],
  ['a local state', { state: { backend: 'local' } }, [/^state.backend "local": keeps.*docs\/state.md/]],
  ['the default config', configWith(), [/zone "example.com", domain "app.example.com", alerts.emails "platform-team/]],
])('%s', (_, overrides, expected) => {
  const lines = linesOf(overrides);
  expect(lines).toHaveLength(expected.length);
  expected.forEach((pattern, at) => expect(lines[at]).toMatch(pattern));
});

test('the refusal names all obstacles and fixes in one paragraph', () => {
  const config = parseConfig(configWith({ state: { backend: 'local' } }));
  expect(() => checkDeployable(config)).toThrow(
    /may not be deployed: zone "example.com".*; state.backend "local".*Write names of your own.*docs\/state.md/,
  );
});
