// docs/twin.md lists every fault, with what it does and what a drill of it is held to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_KINDS, traitsOf } from '@dr/contracts';
import { ALERT_SECONDS, effectOf } from './fault-effects';

const page = readFileSync(join(__dirname, '../../../../docs/twin.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (.*) \|$/gm)].map(([, kind, cells]) => [kind, cells]);

test('docs/twin.md has one row a fault, in the words of the command line and as drills judge it', () => {
  const expected = FAULT_KINDS.map((kind) => {
    const { affectsClients, movesTraffic, toldByPeer } = effectOf(kind);
    const alert = toldByPeer ? `within ${ALERT_SECONDS} s` : '-';
    return [
      kind,
      [traitsOf(kind).meaning, affectsClients ? 'fail' : '-', movesTraffic ? 'moves' : '-', alert].join(' | '),
    ];
  });
  expect(rows).toEqual(expected);
});
