// Every word of an id in the widest stack is reserved, so that a region's name is never mistaken for one.
import { parseConfig } from '@dr/contracts/config';
import { resourcesOf } from './checks/stack-json';
import { checkRegionNames, RESERVED_NAMES } from './reserved-names';
import { configWith, synthesized } from './testing/synth-in-test';

const SHORT_NAME = /^[a-z][a-z0-9]{1,14}$/;

test('all words of all ids are reserved', () => {
  const { query } = synthesized({
    alerts: { emails: ['a@example.com'], sms: ['+919812345678'] },
    options: { privateSubnets: true, faultInjection: true },
  });
  const ids = [...resourcesOf(query.stack).map((r) => r.id), ...Object.keys(query.stack.output)];
  const words = new Set(ids.flatMap((id) => id.split('_')).filter((word) => SHORT_NAME.test(word)));
  expect([...words].filter((word) => !RESERVED_NAMES.has(word)).sort()).toEqual(['mumbai', 'singapore']);
});

test('fails on a region named like a part of the stack', () => {
  const regions = [...configWith().regions.slice(1), { name: 'zone', awsRegion: 'ap-south-1' }];
  expect(() => checkRegionNames(parseConfig(configWith({ regions })))).toThrow(/"zone"/);
});
