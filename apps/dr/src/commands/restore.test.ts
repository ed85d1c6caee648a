// `dr restore` on a table in memory: what is found, what is written back, and what is refused with nothing changed.
import type { ReplicaItem } from '@dr/consistency';
import { ARN } from '../testing/fake-recovery';
import { GOOD, MemoryFile, MINUTE_MS, RestoredSystem } from '../testing/restored-system';

const TO = `--to ${GOOD}`;

/** Good until GOOD, then ten minutes pass in which `harm` is done. */
async function harmed(harm: (system: RestoredSystem, was: readonly ReplicaItem[]) => void) {
  const system = new RestoredSystem();
  const was = ['a', 'b', 'c', 'd'].map((id) => system.put(id, `{"good":"${id}"}`));
  system.pass(5 * MINUTE_MS);
  harm(system, was);
  system.pass(5 * MINUTE_MS);
  return system;
}

const unchanged = async (system: RestoredSystem, before: string): Promise<void> =>
  expect(JSON.stringify(system.recovery.live.all())).toBe(before);
const all = ({ recovery }: RestoredSystem): string => JSON.stringify(recovery.live.all());

describe('the plan', () => {
  test('names each version that is not as it was, and nothing is written', async () => {
    const system = await harmed((here, [, , c, d]) => {
      here.put('a', '{"bad":"a"}');
      here.delete('b');
      here.recovery.write({ ...(c as ReplicaItem), json: '{"bad":"c"}' });
      here.recovery.remove(d as ReplicaItem);
      here.put('e', '{"bad":"e"}');
    });
    const before = all(system);
    const { code, report } = await system.dr(`${TO} --json`);
    expect(code).toBe(0);
    expect(report?.found).toEqual({ versions: 5, items: 5, added: 3, altered: 1, gone: 1, late: 0 });
    expect(report?.items).toEqual({ toWrite: 5, same: 0, changed: 0, unknown: 0 });
    expect(report?.plan.map(({ id, action, versions }) => [id, action, versions.map(({ kind }) => kind)])).toEqual([
      ['a', 'write', ['added']],
      ['b', 'write', ['added']],
      ['c', 'write', ['altered']],
      ['d', 'write', ['gone']],
      ['e', 'write', ['added']],
    ]);
    expect(report).toMatchObject({ written: null, left: 0, restored: { wasThere: false, seconds: 60 } });
    await unchanged(system, before);
  });

  test('says in words what was made, found and planned, and what to do next', async () => {
    const system = await harmed((here) => here.put('a', '{"bad":"a"}'));
    const { out } = await system.dr(TO);
    expect(out).toContain(
      'Restored  dr-system-table of mumbai as of 2026-11-28T12:00:00.000Z is dr-system-table-restored',
    );
    expect(out).toContain('Found     1 version of 1 item not as they were: 1 added, 0 altered, 0 gone');
    expect(out).toContain('Plan      1 item gets one new version each');
    expect(out).toMatch(/^a +write +2026-11-28T12:05:00.000Z#mumbai\S+ +2026-11-28T12:00:00.000Z#mumbai\S+ +1 added$/m);
    expect(out).toContain('Nothing was written. To write back: the same command with --yes.');
    expect(out).toContain('aws dynamodb delete-table --region ap-south-1 --table-name dr-system-table-restored');
  });

  test('of a table that is as it was has nothing to do', async () => {
    const system = await harmed(() => undefined);
    const { code, out } = await system.dr(TO);
    expect(code).toBe(0);
    expect(out).toContain('Found     every version is as it was');
    expect(out).toContain('Nothing was written, and nothing has to be.');
  });

  test('leaves the history of a version alone that no client is shown', async () => {
    const system = await harmed((here, [a]) => {
      here.recovery.write({ ...(a as ReplicaItem), json: '{"bad":"a"}' });
      here.put('a', '{"good":"a"}');
    });
    const { report } = await system.dr(`${TO} --json`);
    expect(report?.plan[0]).toMatchObject({
      id: 'a',
      action: 'same',
      versions: [{ kind: 'added' }, { kind: 'altered' }],
    });
  });

  test('compares neither control records nor what is stamped after it began', async () => {
    const system = await harmed((here) => {
      here.recovery.write({ id: 'control', timestamp: 'state#mumbai', version: 2 });
      here.recovery.write({ id: 'control-key#x', timestamp: '000001#mumbai' });
    });
    system.recovery.onCall = (call, count) => {
      if (call === 'live scan' && count < 10) system.put('a', '{"later":true}');
      system.pass(1);
    };
    const { report } = await system.dr(`${TO} --json`);
    expect(report?.found.versions).toBe(0);
  });

  test('tells versions that were on their way at that time from later ones', async () => {
    const system = await harmed((here) => {
      const late = {
        ...here.version('a', { json: '{"late":true}' }),
        timestamp: '2026-11-28T11:59:59.500Z#singapore#0000000b-000001',
      };
      here.recovery.write({ ...late, region: 'singapore' });
    });
    const { report } = await system.dr(`${TO} --json`);
    expect(report?.found).toMatchObject({ versions: 1, added: 1, late: 1 });
  });
});

describe('--keys', () => {
  test('looks at the items that are named and at no other', async () => {
    const system = await harmed((here) => ['a', 'b', 'c'].forEach((id) => here.put(id, '{"bad":true}')));
    const { report, code } = await system.dr(`${TO} --keys f --json --yes`, { keys: '\ufeffa\r\n\r\nc\na\n' });
    expect(code).toBe(0);
    expect(report?.compared).toMatchObject({ versionsNow: null, versionsThen: null, named: 2 });
    expect(report?.plan.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a', 'written'],
      ['c', 'written'],
    ]);
    expect(system.recovery.calls.some((call) => call.endsWith('scan'))).toBe(false);
    expect(await system.shows('b')).toBe('{"bad":true}');
  });

  test('names an item that neither state has', async () => {
    const system = await harmed(() => undefined);
    const { report } = await system.dr(`${TO} --keys f --json`, { keys: 'a\nnever' });
    expect(report?.items).toEqual({ toWrite: 0, same: 1, changed: 0, unknown: 1 });
    expect(report?.plan).toMatchObject([{ id: 'never', action: 'unknown' }]);
  });
});

describe('--yes', () => {
  test('makes every item show what it showed, by one new version each; nothing is overwritten or deleted', async () => {
    const system = await harmed((here, [, , c, d]) => {
      here.put('a', '{"bad":"a"}');
      here.put('a', '{"bad":"again"}');
      here.delete('b');
      here.recovery.write({ ...(c as ReplicaItem), json: '{"bad":"c"}' });
      here.recovery.remove(d as ReplicaItem);
      here.put('e', '{"bad":"e"}');
    });
    const before = new Set(system.recovery.live.all().map((one) => JSON.stringify(one)));
    const { code, report } = await system.dr(`${TO} --json --yes`);
    expect({ code, left: report?.left }).toEqual({ code: 0, left: 0 });
    expect(report?.written).toMatchObject({ written: 5, already: 0, changed: 0 });
    const shown = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => system.shows(id)));
    expect(shown).toEqual(['{"good":"a"}', '{"good":"b"}', '{"good":"c"}', '{"good":"d"}', 'deleted']);
    const after = system.recovery.live.all().map((one) => JSON.stringify(one));
    expect(after.filter((one) => before.has(one))).toHaveLength(before.size);
    expect(after).toHaveLength(before.size + 5);
  });

  test('done again finds the same versions and writes nothing', async () => {
    const system = await harmed((here) => ['a', 'b'].forEach((id) => here.put(id, '{"bad":true}')));
    const first = await system.dr(`${TO} --json --yes`);
    const before = all(system);
    system.pass(MINUTE_MS);
    const again = await system.dr(`${TO} --json --yes`);
    expect(again.code).toBe(0);
    expect(again.report?.found).toEqual(first.report?.found);
    expect(again.report?.items).toEqual({ toWrite: 0, same: 2, changed: 0, unknown: 0 });
    expect(again.report).toMatchObject({ restored: { wasThere: true }, written: { written: 0 } });
    await unchanged(system, before);
  });

  test('leaves an item alone that somebody has written to since the plan, says so and exits with 1', async () => {
    const system = await harmed((here) => ['a', 'b'].forEach((id) => here.put(id, '{"bad":true}')));
    const file = new MemoryFile();
    await system.dr(`${TO} --progress p`, { file });
    system.pass(MINUTE_MS);
    system.put('a', '{"new":"by a client"}');
    const { code, report } = await system.dr(`${TO} --progress p --json --yes`, { file });
    expect({ code, left: report?.left }).toEqual({ code: 1, left: 1 });
    expect(report?.plan.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a', 'changed'],
      ['b', 'written'],
    ]);
    expect(await system.shows('a')).toBe('{"new":"by a client"}');
  });

  test('with a plan that was kept writes what that plan says, and compares nothing again', async () => {
    const system = await harmed((here) => here.put('a', '{"bad":true}'));
    const file = new MemoryFile();
    await system.dr(`${TO} --progress p`, { file });
    system.put('b', '{"good":"after the plan"}');
    const calls = system.recovery.calls.length;
    const { report } = await system.dr(`${TO} --progress p --json --yes`, { file });
    expect(system.recovery.calls.slice(calls).some((call) => call.endsWith('scan'))).toBe(false);
    expect(report?.plan.map(({ id, outcome }) => [id, outcome])).toEqual([['a', 'written']]);
    expect(await system.shows('b')).toBe('{"good":"after the plan"}');
  });

  test('a plan is made anew when it is asked for again', async () => {
    const system = await harmed((here) => here.put('a', '{"bad":true}'));
    const file = new MemoryFile();
    await system.dr(`${TO} --progress p`, { file });
    system.put('b', '{"bad":"too"}');
    system.pass(MINUTE_MS);
    const { report } = await system.dr(`${TO} --progress p --json`, { file });
    expect(report?.plan.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('shows the first of two writes with one key, as the item API does', async () => {
    const system = new RestoredSystem();
    const first = {
      ...system.version('a', { json: '{"n":1}' }),
      idempotencyKey: 'k',
      keyUsedAtMs: system.recovery.nowMs,
    };
    system.recovery.write(first);
    system.pass(1);
    system.put('a', '{"n":2}');
    system.pass(1);
    const repeat = {
      ...system.version('a', { json: '{"n":1}' }),
      idempotencyKey: 'k',
      keyUsedAtMs: system.recovery.nowMs,
    };
    system.recovery.write(repeat);
    system.recovery.nowMs = Date.parse('2026-11-28T12:00:01Z');
    system.pass(MINUTE_MS);
    system.put('a', '{"bad":true}');
    system.pass(6 * MINUTE_MS);
    await system.dr('--to 2026-11-28T12:00:01Z --yes');
    expect(await system.shows('a')).toBe('{"n":2}');
  });
});

describe('fails with one paragraph and nothing changed', () => {
  const refused = async (
    args: string,
    expected: RegExp,
    {
      keys,
      file,
      spoil = () => undefined,
    }: { keys?: string; file?: MemoryFile; spoil?: (system: RestoredSystem) => void } = {},
  ): Promise<void> => {
    const system = await harmed((here) => here.put('a', '{"bad":true}'));
    spoil(system);
    const before = all(system);
    const tables = [...system.recovery.made.keys()];
    const { code, err, out } = await system.dr(args, {
      ...(keys === undefined ? {} : { keys }),
      ...(file ? { file } : {}),
    });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(expected);
    expect(err.trim().split('\n')).toHaveLength(1);
    await unchanged(system, before);
    expect([...system.recovery.made.keys()]).toEqual(tables);
  };

  test.each([
    ['yesterday', /^--to "yesterday": is no time to the second with its zone\. Give the last second/],
    ['2026-11-28T12:00:00', /is no time to the second with its zone/],
    ['2026-11-28T12:00:00.5Z', /is no time to the second with its zone/],
    ['2026-02-30T12:00:00Z', /is no time to the second with its zone/],
    ['2026-11-28T25:00:00Z', /is no time to the second with its zone/],
  ])('for the time %s', (time, expected) => refused(`--to ${time}`, expected));

  test('for a time before the window', () =>
    refused(
      '--to 2026-11-28T11:59:59Z',
      /--to 2026-11-28T11:59:59Z: is outside the recovery window of dr-system-table in ap-south-1, 2026-11-28T12:00:00Z to 2026-11-28T12:05:00Z\. Give a time in it: DynamoDB keeps at most 35 days/,
    ));
  test('for a time of the last five minutes', () =>
    refused('--to 2026-11-28T12:05:01Z', /is outside the recovery window .* Give a time in it, or wait/));
  test('for a table without point-in-time recovery', () =>
    refused(TO, /^table dr-system-table in ap-south-1: has no point-in-time recovery.*Apply the stack/, {
      spoil: ({ recovery }) => void (recovery.isOff = true),
    }));

  test('for keys that name nothing', () =>
    refused(`${TO} --keys f`, /^--keys "f": names no item\. Give one id a line/, { keys: '\n  \n' }));
  test.each(['{"id":"a"}', 'control', 'a b', '-a', 'x'.repeat(129)])('for the key %j', (key) =>
    refused(`${TO} --keys f`, /^--keys "f", line 2: ".*": is no id of an item\. Give one id a line/, {
      keys: `a\n${key}`,
    }),
  );

  const beside = (change: object) => ({
    spoil: ({ recovery }: RestoredSystem): void =>
      void recovery.made.set('dr-system-table-restored', {
        ...{ status: 'ACTIVE', sourceArn: ARN, toMs: Date.parse(GOOD), readyMs: 0, versions: recovery.live },
        ...change,
      }),
  });
  test('for a restored table of another time', () =>
    refused(
      TO,
      /^table dr-system-table-restored in ap-south-1: has the state of 2026-11-28T12:01:00Z, not of 2026-11-28T12:00:00Z\. Name another one with --into, or delete it/,
      beside({ toMs: Date.parse(GOOD) + MINUTE_MS }),
    ));
  test('for a table that no restore has made', () =>
    refused(TO, /is there already, and was not made by a restore/, beside({ sourceArn: null, toMs: null })));
  test('for a table that was restored from another one', () =>
    refused(TO, /was restored from arn:other, not from dr-system-table/, beside({ sourceArn: 'arn:other' })));
  test('for the table in use as the new one', () =>
    refused(`${TO} --into dr-system-table`, /is the table in use, and DynamoDB restores to a new one only/));
  test('for a name that no table can have', () => refused(`${TO} --into a/b`, /is no name of a table/));
  test('for a region that the system does not have', () =>
    refused(`${TO} --region oslo`, /the system has no such region/));

  test('for the progress of another restore, or of none', async () => {
    const system = await harmed(() => undefined);
    const file = new MemoryFile();
    await system.dr(`${TO} --progress p`, { file });
    await refused(
      '--to 2026-11-28T12:00:01Z --progress p',
      /^--progress "p": is of another restore: its to is 2026-11-28T12:00:00.000Z/,
      { file },
    );
    await refused(`${TO} --keys f --progress p`, /is of another restore: its keys is none/, { file, keys: 'a' });
    const other = new MemoryFile();
    other.lines.push('{"kind":"search"}');
    await refused(`${TO} --progress p`, /holds something else than the progress of a restore/, { file: other });
    file.lines.push('{"kind":"?"}');
    await refused(`${TO} --progress p`, /^--progress "p", line \d+: is not what a restore has written/, { file });
  });
});

test('ends with 1 where AWS does not answer, and goes on later', async () => {
  const system = await harmed((here) => here.put('a', '{"bad":true}'));
  const { Unavailable } = await import('../operate/operator');
  system.recovery.onCall = (call) => {
    if (call === 'live add') throw new Unavailable('dynamodb:PutItem in ap-south-1 was not answered');
  };
  const { code, err } = await system.dr(`${TO} --yes`);
  expect(code).toBe(1);
  expect(err).toMatch(/was not answered\. Run the same command again: it goes on\.\n$/);
  system.recovery.onCall = () => undefined;
  expect((await system.dr(`${TO} --yes`)).code).toBe(0);
  expect(await system.shows('a')).toBe('{"good":"a"}');
});
