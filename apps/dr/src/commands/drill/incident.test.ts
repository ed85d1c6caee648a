// `dr drill --incident`: what is refused, what is listed, and a run on the stack of dr.config.ts.
import { INCIDENTS } from '@dr/drills/incidents';
import type { IncidentReport } from '@dr/player';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideReport, checkWritable, samePlace, writeFile } from '../../adapters/files-adapter';
import { lineFile, placeIn } from '../../adapters/line-file-adapter';
import { readTextFile } from '../../adapters/project-adapter';
import { departures } from '../../terminal/json-shape';
import { systemOf } from '../../testing/run-on';
import type { Ran } from './given-schedule';
import { incidentText, type Told } from './incident-text';
import { OTHER_DRILL_JSON } from './json-shape';

const root = join(__dirname, '../../../../..');
const directory = mkdtempSync(join(tmpdir(), 'dr-incident-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const NAME = 'bad-deploy-everywhere';
const EXAMPLE = join(root, 'docs/guides/system-example');

const drill = (...argv: readonly string[]) =>
  systemOf({
    context: {
      processes: {
        seedPool: () => ({}) as never,
        commit: () => 'abc1234',
        checkout: () => 'clean' as const,
        codeSha256: () => 'c0de',
        arrayIndexes: () => ({}),
        lineFile,
        placeIn,
        readFile: readTextFile,
        keepSchedule: (name) => name,
      },
      ...{ writeFile, checkWritable, besideReport, samePlace },
    },
  }).dr('drill', ...argv);

test.each([
  [['--incident', 'us-east-1-2021-12-08'], /is not known\. Did you mean us-east-1-2021-12-07\? Use one of dynamodb-/],
  [
    ['--incident', NAME, '--region', 'singapor'],
    /--region "singapor": the stack has no such region\. Did you mean singapore\?/,
  ],
  [['--incident', NAME, '--fault', 'region-dark'], /--fault with --incident: is for the drill of one fault/],
  [['--incident', NAME, '--duration', '60'], /--duration with --incident/],
  [['--incident', NAME, '--seeds', '3'], /--seeds with --incident: each says what is to break/],
  [['--incident', NAME, '--schedule', 'a.json'], /--incident with --schedule: each says what is to break/],
  [['--incident', NAME, '--jobs', '2'], /--jobs with --incident/],
  [['--incident', 'list', '--region', 'mumbai'], /--region with --incident list: it runs nothing\. Leave --region out/],
  [['--incident', 'list', '--report', 'a.html'], /--report with --incident list/],
  [
    [
      '--incident',
      'us-east-1-2021-12-07',
      '--stack',
      join(EXAMPLE, 'plan.json'),
      '--system',
      join(EXAMPLE, 'system.json'),
    ],
    /--incident us-east-1-2021-12-07: enacts us-east-1-down, which cannot happen to this system\. Name another/,
  ],
])('fails with 2 and one paragraph for %j', async (argv, message) => {
  const { code, out, err } = await drill(...argv);
  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});

test('the list has each with its facts and addresses, also as JSON, and runs nothing', async () => {
  const { code, out } = await drill('--incident', 'list');
  expect(code).toBe(0);
  for (const { name, title, sources } of INCIDENTS) {
    expect(out).toContain(`${name}: ${title}`);
    for (const { url } of sources) expect(out).toContain(url);
  }
  const json = JSON.parse((await drill('--incident', 'list', '--json')).out) as object;
  expect(json).toEqual({ schema: 1, incidents: JSON.parse(JSON.stringify(INCIDENTS)) as unknown });
});

/** In a process of its own, as people run it: on the stack of dr.config.ts, whose bundles are slow under jest. */
function printedBy(...args: readonly string[]): Printed {
  const argv = ['dist/dr/main.js', 'drill', ...args, '--json'];
  return JSON.parse(execFileSync(process.execPath, argv, { cwd: root, stdio: 'pipe', encoding: 'utf8' })) as Printed;
}

type Printed = Told & Omit<Ran['outcome'], 'schedule'> & { readonly passed: boolean; readonly replay: string };

test('without the name of DynamoDB open connections serve on; once they end, DNS moves everybody, and no client fails', () => {
  const { passed, failed, incident } = printedBy('--incident', 'dynamodb-2025-10-20');
  expect({ passed, failed }).toEqual({ passed: true, failed: 0 });
  const [open, ended, over] = incident.phases.map(({ meanwhile }) => meanwhile?.events.map(({ text }) => text) ?? []);
  const moved = 'DNS near Mumbai answers Singapore, no longer Mumbai';
  expect(open).not.toContain(moved);
  expect(ended).toContain(moved);
  expect(ended).toEqual(expect.arrayContaining([expect.stringContaining('replication-slow')]));
  expect(over).toContain('DNS near Mumbai answers Mumbai, no longer Singapore');
}, 300_000);

describe('a bad deploy everywhere, which singapore feels for longest', () => {
  const page = join(directory, 'incident.html');
  let printed: Printed;
  beforeAll(() => {
    printed = printedBy('--incident', NAME, '--region', 'singapore', '--report', page);
  }, 300_000);

  test('its JSON is as the manual says', () => {
    expect(departures(printed, OTHER_DRILL_JSON['--incident'])).toEqual([]);
    const { passed, incident, replay } = printed;
    expect({ passed, name: incident.name, region: incident.region }).toEqual({
      passed: true,
      name: NAME,
      region: 'singapore',
    });
    expect(replay).toBe(`npm run -s dr -- drill --incident ${NAME} --region singapore --seed 1`);
  });

  test('nobody is served while both regions run the bad version, and the other one is back first', () => {
    const [outage, ...more] = printed.outages;
    expect(more).toEqual([]);
    expect(outage?.fromSeconds).toBeGreaterThan(60);
    expect(outage?.fromSeconds).toBeLessThan(75);
    expect(outage?.toSeconds).toBeGreaterThanOrEqual(360);
    expect(outage?.toSeconds).toBeLessThan(420);
    const [, struck, largest] = printed.incident.phases;
    expect(struck?.meanwhile?.failed).toBeGreaterThan(1_000);
    expect(largest?.meanwhile?.events.map(({ text }) => text)).toContain('bad-deploy Mumbai is over');
  });

  test('in words: then, here, and the verdict', () => {
    const text = incidentText(printed, false);
    expect(text).toContain('Here: bad-deploy singapore 60-540 s, bad-deploy mumbai 65-360 s (40 min');
    expect(text).toMatch(/ 65\.0 s {2}Mumbai was struck by bad-deploy/);
    expect(text).toContain('Passed: every check below holds.');
    const violations = [{ id: '5-I2-somebody-serves', detail: 'nobody' }];
    expect(incidentText({ ...printed, violations }, false)).toContain(
      'Not passed: of the checks below 1 does not hold.',
    );
  });

  test('the page holds the same, and so does the file beside it', () => {
    const beside = JSON.parse(readFileSync(page.replace('.html', '.json'), 'utf8')) as {
      readonly run: { readonly incident: IncidentReport };
      readonly replay: string;
    };
    expect(beside.run.incident).toEqual(printed.incident);
    expect(beside.replay).toBe(printed.replay);
    expect(readFileSync(page, 'utf8')).toContain('data-log');
  });
});
