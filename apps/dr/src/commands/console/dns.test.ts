// What the twin's Route 53 says on the wire: to every kind of question, and to what is none.
import fc from 'fast-check';
import { decode, encode, RECURSION_DESIRED, type DecodedPacket, type Packet } from 'dns-packet';
import { dnsAnswering, type Vantage } from './dns';

const NAME = 'app.example.com';
const vantage: Vantage = {
  zones: ['example.com', 'deep.example.com'],
  names: [NAME, 'mumbai.app.example.com', 'x.y.deep.example.com', 'gone.example.com'],
  resolve: (name) =>
    name === 'gone.example.com'
      ? undefined
      : { address: '127.0.1.1', ttlSeconds: 10, notes: ['region=mumbai', 'load-balancer=http://127.0.0.1:8081'] },
};
const answer = dnsAnswering(vantage);
const UDP = 512;

const query = (name: string, type = 'A', more: Partial<Packet> & { class?: string } = {}): Buffer =>
  encode({
    type: 'query',
    id: 77,
    flags: RECURSION_DESIRED,
    questions: [{ type, name, class: more.class ?? 'IN' } as never],
    ...more,
  });
const opt = (ednsVersion = 0, udpPayloadSize = 4_096) =>
  ({
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion,
    flags: 0,
    flag_do: false,
    options: [],
  }) as never;

function asked(message: Buffer, maxBytes = UDP): DecodedPacket {
  const reply = answer(message, maxBytes);
  if (!reply) throw new Error('no reply');
  return decode(reply);
}

test('an address is answered with its TTL, and with what people want to know of it', () => {
  const reply = asked(query(NAME));
  expect(reply).toMatchObject({
    id: 77,
    type: 'response',
    rcode: 'NOERROR',
    flag_aa: true,
    flag_rd: true,
    flag_tc: false,
  });
  expect(reply.questions).toMatchObject([{ name: NAME, type: 'A', class: 'IN' }]);
  expect(reply.answers).toMatchObject([{ name: NAME, type: 'A', ttl: 10, data: '127.0.1.1' }]);
  const [text] = reply.additionals ?? [];
  expect(String((text as { data: Buffer[] }).data)).toBe('region=mumbai,load-balancer=http://127.0.0.1:8081');
});

test.each<[string, Buffer, object]>([
  ['another type of a name that exists', query(NAME, 'AAAA'), { rcode: 'NOERROR', answers: [], soa: 'example.com' }],
  ['a text of a name that exists', query(NAME, 'TXT'), { rcode: 'NOERROR', answers: [], soa: 'example.com' }],
  ['a name that has no address now', query('gone.example.com'), { rcode: 'NOERROR', answers: [], soa: 'example.com' }],
  [
    'a name above one that exists',
    query('y.deep.example.com'),
    { rcode: 'NOERROR', answers: [], soa: 'deep.example.com' },
  ],
  ['a name that does not exist', query('no.example.com'), { rcode: 'NXDOMAIN', answers: [], soa: 'example.com' }],
  ['a name that only looks like one', query('xapp.example.com'), { rcode: 'NXDOMAIN', soa: 'example.com' }],
  ['the zone itself', query('example.com'), { rcode: 'NOERROR', answers: [], soa: 'example.com' }],
  ['a name of another zone', query('example.org'), { rcode: 'REFUSED', answers: [], flag_aa: false }],
  ['a zone that only ends alike', query('badexample.com'), { rcode: 'REFUSED' }],
  ['the root', query('.', 'NS'), { rcode: 'REFUSED' }],
  ['another class', query(NAME, 'A', { class: 'CH' }), { rcode: 'REFUSED', answers: [] }],
  ['a copy of the zone', query('example.com', 'AXFR'), { rcode: 'REFUSED' }],
])('%s', (_, message, expected) => {
  const reply = asked(message);
  const [authority] = reply.authorities ?? [];
  expect({ ...reply, soa: authority?.name }).toMatchObject(expected);
});

test('SOA and NS of the zone, and whatever there is of a name', () => {
  expect(asked(query('example.com', 'SOA')).answers).toMatchObject([
    { type: 'SOA', ttl: 900, data: { minimum: 86_400 } },
  ]);
  expect(asked(query('example.com', 'NS')).answers).toMatchObject([{ type: 'NS', data: 'localhost' }]);
  expect(asked(query(NAME, 'ANY')).answers).toMatchObject([{ type: 'A' }]);
});

test('letters keep their case, byte by byte', () => {
  const message = query('ApP.eXaMpLe.CoM');
  expect(answer(message, UDP)?.subarray(12, 12 + 21)).toEqual(message.subarray(12, 12 + 21));
  expect(asked(message).answers).toHaveLength(1);
});

test('EDNS is answered with EDNS, another version of it is not', () => {
  const reply = asked(query(NAME, 'A', { additionals: [opt()] }));
  expect(reply.additionals?.map(({ type }) => type)).toEqual(['TXT', 'OPT']);
  const refused = asked(query(NAME, 'A', { additionals: [opt(1)] }));
  expect(refused.answers).toEqual([]);
  expect(refused.additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1 }]);
  expect(asked(query(NAME, 'A', { additionals: [opt(), opt()] }))).toMatchObject({ rcode: 'FORMERR' });
});

test('where there is no room, the words for people go first, and then the rest is to be asked for over TCP', () => {
  const short = asked(query(NAME), 80);
  expect(short).toMatchObject({ flag_tc: false, additionals: [] });
  expect(short.answers).toHaveLength(1);
  expect(asked(query(NAME), 40)).toMatchObject({ flag_tc: true, answers: [], rcode: 'NOERROR' });
  // A sender that takes more is given more.
  expect(asked(query(NAME, 'A', { additionals: [opt()] }), 40).answers).toHaveLength(1);
});

const changed = (at: number, value: number, message = query(NAME)): Buffer => {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(value, at);
  return copy;
};
test.each<[string, Buffer, string | undefined]>([
  ['nothing', Buffer.alloc(0), undefined],
  ['half a header', query(NAME).subarray(0, 11), undefined],
  ['a response', changed(2, 0x8000), undefined],
  ['an update', changed(2, 0x2800), 'NOTIMP'],
  ['a header alone', query(NAME).subarray(0, 12), 'FORMERR'],
  ['no question', changed(4, 0, query(NAME).subarray(0, 12)), 'FORMERR'],
  ['two questions', changed(4, 2), 'FORMERR'],
  ['half a question', query(NAME).subarray(0, 20), 'FORMERR'],
  ['a question that points at itself', changed(12, 0xc00c), 'FORMERR'],
  ['records that are not there', changed(10, 40), 'FORMERR'],
  ['a label of 64 letters', changed(12, 0x4000), 'FORMERR'],
])('%s', (_, message, rcode) => {
  const reply = answer(message, UDP);
  expect(reply && decode(reply)).toEqual(
    rcode === undefined ? undefined : expect.objectContaining({ rcode, type: 'response' }),
  );
});

test('whatever comes: no error, and a reply is a whole message to that question, and fits', () => {
  const valid = fc.constantFrom(query(NAME), query('no.example.com', 'MX'), query(NAME, 'A', { additionals: [opt()] }));
  const mutated = fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(60), fc.nat(255))), fc.nat(80))
    .map(([message, changes, length]) => {
      const copy = Buffer.from(message);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return length < 12 ? copy.subarray(0, length) : copy;
    });
  const anything = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(mutated, anything), (message) => {
      const reply = answer(message, UDP);
      if (!reply) return;
      expect(reply.readUInt16BE(0)).toBe(message.readUInt16BE(0));
      expect(reply.length).toBeLessThanOrEqual(1_232);
      expect(decode(reply).type).toBe('response');
    }),
    { numRuns: 2_000 },
  );
});
