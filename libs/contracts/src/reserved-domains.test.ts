// Names that RFC 2606 and RFC 6761 set aside, and names that only look like them.
import * as fc from 'fast-check';
import { RESERVED_DOMAINS, reservedDomainOf, reservedNamesOf } from './reserved-domains';

test.each([
  ['example.com', 'example.com'],
  ['app.example.com', 'example.com'],
  ['mumbai.app.EXAMPLE.Net', 'example.net'],
  ['example.org.', 'example.org'],
  ['shop.example', 'example'],
  ['EXAMPLE', 'example'],
  ['a.b.test', 'test'],
  ['no.invalid', 'invalid'],
  ['localhost', 'localhost'],
  ['api.localhost', 'localhost'],
])('%s is reserved by %s', (name, reserved) => expect(reservedDomainOf(name)).toBe(reserved));

test.each([
  'myexample.com',
  'my-example.org',
  'example.com.au',
  'example.co',
  'example.de',
  'example.com.shop.io',
  'test.io',
  'latest',
  'contest.com',
  'localhost.dev',
  'invalid.net',
  'counterexample',
  '',
])('"%s" is not reserved', (name) => expect(reservedDomainOf(name)).toBeUndefined());

test('whatever is below a reserved name is reserved, in any case of its letters', () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
  fc.assert(
    fc.property(
      fc.array(label, { maxLength: 3 }),
      fc.constantFrom(...RESERVED_DOMAINS),
      fc.boolean(),
      (labels, of, up) => {
        const name = [...labels, of].join('.');
        expect(reservedDomainOf(up ? name.toUpperCase() : name)).toBeDefined();
        expect(reservedDomainOf(`${name}x`)).toBeUndefined();
      },
    ),
  );
});

test('of a config the zone, the domain and every address are looked at', () => {
  const config = { zone: 'shop.in', domain: 'app.shop.in', alerts: { emails: ['a@shop.in', 'a@b@mail.example.org'] } };
  expect(reservedNamesOf(config)).toEqual([{ key: 'alerts.emails', value: 'a@b@mail.example.org' }]);
  expect(reservedNamesOf({ ...config, zone: 'a.test', domain: 'x.a.test' }).map(({ key }) => key)).toEqual([
    'zone',
    'domain',
    'alerts.emails',
  ]);
});
