// The regions, against what Route 53's API names.
import { ResourceRecordSetRegion } from '@aws-sdk/client-route-53';
import { ALL_REGIONS, AWS_REGIONS, oneWayMs, placeOf } from '@dr/contracts';

test('every region that a latency record can name is known, with its place, and no other', () => {
  expect(ALL_REGIONS.map(({ id }) => id).sort()).toEqual(Object.values(ResourceRecordSetRegion).sort());
  for (const { id } of ALL_REGIONS) expect(oneWayMs('eu-west-1', id)).toBeLessThan(160);
});

test('a stack of ours is in the commercial partition', () => {
  expect(AWS_REGIONS.filter(({ id }) => /^(cn|us-gov|eusc)-/.test(id))).toEqual([]);
  expect(placeOf('us-gov-west-1')).toMatchObject({ country: 'US' });
});
