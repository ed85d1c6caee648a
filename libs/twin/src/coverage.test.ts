// No service reads, and no question about a stack asks for, a type of resource that the twin then reports as not modelled.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKnownType } from './twin';

/** What they read is for a review, which judges what the twin cannot run, or for a declared system, of which it runs HTTP APIs too. */
const OF_OTHERS =
  /^(accelerators|distributions|endpoints|global-databases|http-apis)\.ts$|(target-health|behind|idle)\.ts$/;

const sourcesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !OF_OTHERS.test(name))
    .map((name) => readFileSync(join(directory, name), 'utf8'));

test.each(['libs/twin/src/services', 'libs/stack/src'])('types that %s asks for are modelled', (directory) => {
  const asked = sourcesIn(join(__dirname, '../../..', directory)).flatMap((source) =>
    [...source.matchAll(/'(aws_[a-z0-9_]+)'/g)].map(([, type = '']) => type),
  );
  expect(asked.length).toBeGreaterThan(5);
  expect([...new Set(asked)].filter((type) => !isKnownType(type))).toEqual([]);
});

test('another one is not', () => expect(isKnownType('aws_kinesis_stream')).toBe(false));
