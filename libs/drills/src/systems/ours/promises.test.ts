// docs/twin.md lists every fault, with what it does and what a drill of it is held to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_KINDS, traitsOf } from '@dr/contracts';
import { promisesOf } from './promises';

const page = readFileSync(join(__dirname, '../../../../../docs/twin.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (.*) \|$/gm)].map(([, kind, cells]) => [kind, cells]);

test('docs/twin.md has one row a fault, in the words of the command line and as drills judge it', () => {
  const expected = FAULT_KINDS.map((kind) => {
    const { affectsClients, movesTraffic, probeSeconds, toldWithinSeconds } = promisesOf(kind);
    const alert = toldWithinSeconds === undefined ? '-' : `within ${toldWithinSeconds} s`;
    return [
      kind,
      [
        traitsOf(kind).meaning,
        affectsClients ? 'fail' : '-',
        ...(movesTraffic ? ['moves', `${probeSeconds} s`] : ['-', '-']),
        alert,
      ].join(' | '),
    ];
  });
  expect(rows).toEqual(expected);
});

test('a fault of a function is felt only where clients or /health depend on it', () => {
  expect(promisesOf('lambda-errors')).toMatchObject({ affectsClients: true, movesTraffic: true });
  expect(promisesOf('lambda-errors', 'health-checker')).toMatchObject({ affectsClients: false, movesTraffic: true });
  expect(promisesOf('lambda-errors', 'failover-orchestrator')).toMatchObject({ movesTraffic: false });
});

test('whatever is felt by clients moves traffic, or they would never recover', () => {
  for (const kind of FAULT_KINDS) expect(promisesOf(kind).movesTraffic || !promisesOf(kind).affectsClients).toBe(true);
});
