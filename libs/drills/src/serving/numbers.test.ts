// A number of our own stack by an expression is judged as the number itself, or refused.
import { InputError } from '@dr/contracts';
import { parseStack } from '@dr/terraform-json';
import * as fc from 'fast-check';
import { whatCannotServe } from './index';
import { readShape } from '@dr/stack';
import { OUR_SERVICE } from '../systems/ours/serving';
import { golden, judged, set, type Json, type Stack } from './testing/plant';

/** Every number in the golden stack's resources, by its place. */
const NUMBERS = Object.entries(golden().resource).flatMap(([type, byName]) =>
  Object.entries(byName).flatMap(([name, body]) => placesOf(body, [type, name])),
);

function placesOf(value: unknown, path: readonly (string | number)[]): (readonly (string | number)[])[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null || path.at(-1) === '//') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    placesOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function planted(path: readonly (string | number)[], value: unknown): Stack {
  const stack = golden();
  const steps = [...path];
  const last = steps.pop() as string;
  const owner = steps.reduce<Json>((at, step) => at[step] as Json, stack.resource);
  owner[last] = value;
  return stack;
}

/** What a stack comes to: the settings that verdicts rest on, or the refusal. */
function outcome(stack: Stack): unknown {
  try {
    const graph = parseStack(stack, '/stack');
    const { settings } = readShape(graph);
    for (const number of Object.values(settings)) expect(Number.isFinite(number)).toBe(true);
    return { settings, findings: whatCannotServe(graph, OUR_SERVICE) };
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return 'refused';
  }
}

const read = (path: readonly (string | number)[]): number =>
  path.reduce<unknown>((at, step) => (at as Json)[step], golden().resource) as number;

test('a number by an expression is judged as the number itself, and what is none is never taken for one', () => {
  expect(NUMBERS.length).toBeGreaterThan(150);
  const sound = outcome(golden());
  fc.assert(
    fc.property(fc.constantFrom(...NUMBERS), fc.integer({ min: -3, max: 400 }), (path, number) => {
      const plain = outcome(planted(path, number));
      expect(outcome(planted(path, `\${${number * 2} / 2}`))).toEqual(plain);
      expect(outcome(planted(path, String(number)))).toEqual(plain);
      expect(outcome(planted(path, `\${${read(path)}}`))).toEqual(sound);
    }),
    { numRuns: 25 },
  );
  const strange = [
    '${var.commit}',
    '${1 / 0}',
    '${timestamp()}',
    '${"x"}',
    'NaN',
    '',
    ' 7 ',
    '0x10',
    '1e999',
    '${',
    true,
    {},
  ];
  fc.assert(
    fc.property(fc.constantFrom(...NUMBERS), fc.oneof(fc.constantFrom(...strange), fc.string()), (path, value) => {
      const found = outcome(planted(path, value));
      // Where nothing reads the number the verdict is the sound stack's; where something does, the stack is refused.
      if (found !== 'refused' && typeof value !== 'object' && !/^[+-]?\d/.test(String(value).trim())) {
        expect(found).toEqual(sound);
      }
    }),
    { numRuns: 80 },
  );
});

const PLACES = [
  ...NUMBERS.filter((path) => /_dns_\w+\.(ttl|request_interval|failure_threshold)$/.test(path.join('.'))),
  ['aws_route53_record', 'mumbai_dns_record', 'health_check_id'],
];
test.each(PLACES.map((path) => [path.join('.'), path] as const))(
  'what decides how fast clients are moved is refused where it is unknown: %s',
  (_, path) => expect(outcome(planted(path, '${timestamp()}'))).toBe('refused'),
);

/** Each is 0 for Terraform, so that no rule lets anybody in; what they were taken for makes one rule. */
const NO_RULE = [
  '${100 / 3 * 3 == 100 ? 0 : 1}',
  '${100 - floor(100 / 3 * 3)}',
  '${length(toset([1, "1"])) - 1}',
  '${length(range(3, 0)) == 3 ? 0 : 1}',
  '${tolist(toset([10, 9]))[0] == 9 ? 0 : 1}',
  '${var.ports[0] == "443" ? 0 : 1}',
];
test.each(NO_RULE)('a security group rule whose count is %s is none, and nobody gets in', (count) => {
  const ingress = 'aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443';
  const found = (of: string): string =>
    judged((stack) => {
      set(ingress, { count: of })(stack);
      stack['variable'] = { ...(stack['variable'] as Json), ports: { type: 'list(string)', default: [443] } };
    });
  expect(found('${1}')).toBe('');
  expect(found(count)).toMatch(/admits nobody from the internet on 443/);
});
