// Stacks that are made large are still stacks: every copy is reviewed as the first one is.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { reviewStack } from '@dr/review';
import { parseStack } from '@dr/terraform-json';
import { copiesOfOwn, copiesOfState, resourcesOf, resourcesOfState, type Configuration, type State } from './copies';

const ROOT = resolve(__dirname, '../..');
const CASE = 'libs/terraform-json/src/shown/testing/cases/01-alb-ecs-failover.state.json.gz';
const own = JSON.parse(readFileSync(resolve(ROOT, 'golden/cdk.tf.json'), 'utf8')) as Configuration;
const state = JSON.parse(gunzipSync(readFileSync(resolve(ROOT, CASE))).toString('utf8')) as State;
const COPIES = 3;

/** What the review says of each public name, the names left out. */
const outcomesOf = (stack: object) =>
  reviewStack(parseStack(stack, '/stack'), { rtoSeconds: null, rpoSeconds: null }).names.map(({ faults }) =>
    faults.map(({ outcome }) => outcome).join(),
  );

test('our own stack', () => {
  const copies = copiesOfOwn(own, 'example.com', COPIES);
  expect(resourcesOf(copies)).toBe(COPIES * resourcesOf(own));
  const once = outcomesOf(own);
  expect(once.length).toBeGreaterThan(0);
  expect(outcomesOf(copies).sort()).toEqual(
    Array.from({ length: COPIES }, () => once)
      .flat()
      .sort(),
  );
});

test('the state of another team', () => {
  const copies = copiesOfState(state, COPIES);
  expect(resourcesOfState(copies)).toBe(COPIES * resourcesOfState(state));
  const once = outcomesOf(state);
  expect(once.length).toBeGreaterThan(0);
  expect(outcomesOf(copies).sort()).toEqual(
    Array.from({ length: COPIES }, () => once)
      .flat()
      .sort(),
  );
});

test('one copy of our own stack is the stack', () => {
  const { resource, data } = copiesOfOwn(own, 'example.com', 1);
  expect({ resource, data }).toEqual({ resource: own.resource, data: own.data });
});
