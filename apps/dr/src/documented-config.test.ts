// docs/getting-started.md lists every option with its default, and no other.
import { configSchema, parseConfig } from '@dr/contracts/system/config';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '../../../docs/getting-started.md'), 'utf8');
const documented = Object.fromEntries(
  [...page.slice(page.indexOf('## Every option')).matchAll(/^\| `(\w+)` \| (.+?) \|/gm)].map(([, key, shown]) => [
    key,
    shown,
  ]),
);

const MINIMAL = {
  system: 'dr',
  zone: 'example.com',
  domain: 'app.example.com',
  regions: [
    { name: 'mumbai', awsRegion: 'ap-south-1' },
    { name: 'singapore', awsRegion: 'ap-southeast-1' },
  ],
  objectives: { rtoSeconds: 60 },
};

const shownAs = (value: unknown): string =>
  value === undefined ? 'none' : `\`${typeof value === 'string' ? `'${value}'` : String(value)}\``;

it('documents exactly the options of the schema', () => {
  const options = configSchema.shape.options.unwrap();
  expect(Object.keys(documented).sort()).toEqual(Object.keys(options.shape).sort());
});

it.each(Object.keys(documented))('documents the default of %s', (key) => {
  const defaults = parseConfig(MINIMAL).options as Readonly<Record<string, unknown>>;
  expect(documented[key]).toBe(shownAs(defaults[key]));
});
