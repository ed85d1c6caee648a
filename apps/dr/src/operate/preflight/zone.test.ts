// What is said of a hosted zone, case by case.
import type { DrConfigInput } from '@dr/contracts/system/config';
import { unknown } from '../fact';
import { configWith as base } from '../../testing/config';
import { NAME_SERVERS } from '../../testing/fake-account';
import type { HostedZone } from './reader';
import { NO_ZONE, zoneInUse, zoneRows, type ZoneFacts } from './zone';

const configWith = (options: DrConfigInput['options']) =>
  base({ zone: 'shop.in', domain: 'app.shop.in', ...(options && { options }) });

const open = (id: string): HostedZone => ({ id, private: false, records: 2 });
const closed = (id: string): HostedZone => ({ id, private: true, records: 2 });

const good: ZoneFacts = {
  zones: { known: [open('Z1')] },
  nameServers: { known: NAME_SERVERS },
  delegatedTo: { known: NAME_SERVERS },
  recordLimit: { known: { limit: 10_000, used: 2 } },
};

const rowsOf = (facts: Partial<ZoneFacts>, options: DrConfigInput['options'] = { createZone: false }, records = 7) =>
  zoneRows(configWith(options), { ...good, ...facts }, { records });

describe('the zone', () => {
  test.each([
    ['one', [open('Z1')], {}, 'ok', /^Z1$/, null],
    ['one, and a private one of the same name', [open('Z1'), closed('Z2')], {}, 'ok', /^Z1, of 2/, null],
    ['none', [], {}, 'fail', /no zone named shop\.in/, /options\.createZone/],
    ['none, and it is to be made', [], { createZone: true }, 'fail', /no zone/, /Apply the stack of the zone/],
    ['private ones alone', [closed('Z2')], {}, 'fail', /only a private zone \(Z2\)/, /zone of this account/],
    ['two', [open('Z1'), open('Z2')], {}, 'fail', /found 2 times: Z1, Z2/, /Set options\.zoneId/],
    ['two, one of which is chosen', [open('Z1'), open('Z2')], { zoneId: 'Z2' }, 'ok', /^Z2, of 2/, null],
    ['another than the chosen one', [open('Z1')], { zoneId: 'Z9' }, 'fail', /^Z9 is no public zone/, /Use Z1 as/],
    [
      'a chosen one that is private',
      [closed('Z2')],
      { zoneId: 'Z2' },
      'fail',
      /^Z2 is no public zone/,
      /Leave options/,
    ],
  ])('%s', (_, zones, options, verdict, found, toDo) => {
    const [zone] = rowsOf({ zones: { known: zones } }, { createZone: false, ...options });
    expect(zone).toMatchObject({ verdict, found: expect.stringMatching(found) });
    if (toDo) expect(zone?.toDo).toMatch(toDo);
    else expect(zone?.toDo).toBeNull();
  });

  test('in use is never one of two, unless it is chosen', () => {
    expect(zoneInUse(configWith({}), [open('Z1'), open('Z2')])).toBeUndefined();
    expect(zoneInUse(configWith({ zoneId: 'Z1' }), [open('Z1'), open('Z2')])?.id).toBe('Z1');
  });
});

describe('its delegation', () => {
  test.each([
    ['to all its servers', NAME_SERVERS, 'ok', /^to its 4/],
    ['in another order and spelling', NAME_SERVERS.map((n) => `${n.toUpperCase()}.`).reverse(), 'ok', /^to its 4/],
    ['not at all', [], 'fail', /^not delegated yet/],
    ['to others', ['ns1.registrar.net'], 'fail', /^delegated elsewhere: ns1\.registrar\.net/],
    ['to ours and to others', [...NAME_SERVERS, 'ns1.registrar.net'], 'fail', /^in part .*: ns1\.registrar\.net$/],
    ['to some of ours', NAME_SERVERS.slice(1), 'warn', /3 of 4/],
  ])('%s', (_, told, verdict, found) => {
    const row = rowsOf({ delegatedTo: { known: told } })[1];
    expect(row).toMatchObject({ check: 'zone delegation', verdict, found: expect.stringMatching(found) });
    if (verdict !== 'ok') {
      expect(row?.toDo).toContain('dig +short NS shop.in');
      for (const name of NAME_SERVERS) expect(row?.toDo).toContain(name);
    }
  });

  test.each([
    ['without a zone', { nameServers: NO_ZONE }, /no one zone/],
    ['when DNS does not answer', { delegatedTo: unknown('SERVFAIL', 'Try again') }, /SERVFAIL/],
  ])('is not known %s', (_, facts, found) => {
    expect(rowsOf(facts)[1]).toMatchObject({ verdict: 'unknown', found: expect.stringMatching(found) });
  });
});

test.each([
  [9_993, 'ok'],
  [9_994, 'warn'],
])('with %d records of 10,000 and 7 to come, records are %s', (used, verdict) => {
  expect(rowsOf({ recordLimit: { known: { limit: 10_000, used } } })[2]).toMatchObject({ verdict });
});
