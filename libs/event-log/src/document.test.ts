import { readFileSync } from 'node:fs';
import { formatTables, lineSchema } from '.';

const REMEDY = 'npm run docs writes it';

test('docs/event-log.md holds the tables of the schema', () => {
  const page = readFileSync('docs/event-log.md', 'utf8');
  expect({ REMEDY, holds: page.includes(formatTables()) }).toEqual({ REMEDY, holds: true });
});

test('docs/event-log.schema.json is the schema', () => {
  const written = JSON.parse(readFileSync('docs/event-log.schema.json', 'utf8')) as unknown;
  expect({ REMEDY, written }).toEqual({ REMEDY, written: lineSchema() });
});
