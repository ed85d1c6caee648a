// Every word of an id or an expression in the widest stack is reserved, so that a region's name is never mistaken for one.
import { parseConfig, RESERVED_NAMES } from '@dr/contracts/system/config';
import { resourcesOf } from './checks/stack-json';
import { configWith, synthesized } from './testing/synth-in-test';

const SHORT_NAME = /^[a-z][a-z0-9]{1,14}$/;

test('all words of all ids and expressions are reserved', () => {
  const widest = {
    alerts: { emails: ['a@example.com'], sms: ['+919812345678'] },
    options: { privateSubnets: true, faultInjection: true, gameDay: true },
    regions: [...configWith().regions, { name: 'hyderabad', awsRegion: 'ap-south-2' }],
  };
  // The widest stack has one front door or the other.
  const stacks = (['dns', 'global-accelerator'] as const).map(
    (frontDoor) => synthesized({ ...widest, frontDoor }).query,
  );
  const ids = stacks.flatMap(({ stack }) => [...resourcesOf(stack).map((r) => r.id), ...Object.keys(stack.output)]);
  // What is around the literals of Terraform's own expressions.
  const expressions = stacks
    .flatMap(({ json }) => json.match(/\$\{[^}]*\}/g) ?? [])
    .map((text) => text.replace(/\\"[^"]*\\"/g, ''));
  const words = new Set(
    [...ids, ...expressions].flatMap((id) => id.split(/[^a-z0-9]+/)).filter((w) => SHORT_NAME.test(w)),
  );
  expect([...words].filter((word) => !RESERVED_NAMES.has(word)).sort()).toEqual(['hyderabad', 'mumbai', 'singapore']);
});

test('fails on a region named like a part of the stack', () => {
  const regions = [...configWith().regions.slice(1), { name: 'zone', awsRegion: 'ap-south-1' }];
  expect(() => parseConfig(configWith({ regions }))).toThrow(/"zone"/);
});
