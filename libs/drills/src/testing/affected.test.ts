// What a change reaches, as Nx sees it: CI builds and tests only that, and a build takes the rest from its cache.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');

const affectedBy = (file: string): string[] =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects', '--affected', `--files=${file}`, '--json'],
      { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } },
    ),
  ) as string[];

it('reaches every bundle that holds a decision, and the drills', () => {
  const affected = affectedBy('libs/failover/src/admission.ts');
  expect(affected).toEqual(expect.arrayContaining(['health-checker', 'traffic-router', 'infra', 'dr', 'drills']));
});

it('reaches the drills from a handler, which they meet only as a bundle', () => {
  const affected = affectedBy('apps/traffic-router/src/items.ts');
  expect(affected).toEqual(expect.arrayContaining(['traffic-router', 'drills', 'dr']));
  expect(affected).not.toContain('health-checker');
});
