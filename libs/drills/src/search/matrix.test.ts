// Rows of the table of faults, on the synthesized stack.
import { checksOf } from '../judge/checks';
import { scheduleChecks } from '../judge/judge-schedule';
import { OURS } from '../systems/ours';
import { THREE_REGIONS, withSynthesizedStack } from '../testing/synthesized-stack';
import { drillRow, type MatrixFault } from './matrix';

const row = (fault: MatrixFault, synthesis: readonly string[] = []) =>
  withSynthesizedStack(synthesis, (graph) =>
    drillRow({ system: OURS, graph }, 1, fault, { rtoSeconds: 60, rpoSeconds: 5 }),
  );

test.each<[MatrixFault, readonly string[]]>([
  ['region-dark', checksOf(OURS, 'drills').map(([id]) => id)],
  ['two-at-once', scheduleChecks(OURS)],
  ['region-lost-for-good', scheduleChecks(OURS)],
  ['region-lost-for-good-beside-a-lost-table', scheduleChecks(OURS)],
])('the row of %s says of each invariant whether its run holds it, and by what that was judged', async (fault, ids) => {
  const { invariants, met, reasons } = await row(fault);
  expect(invariants.map(({ id }) => id)).toEqual(ids);
  expect(invariants.filter(({ holds, detail }) => !holds || detail === '')).toEqual([]);
  expect({ met, reasons }).toEqual({ met: true, reasons: [] });
});

// Each peer's heartbeats have to be found, and what a region writes has to reach each peer.
test.each<MatrixFault>(['dynamodb-throttled', 'replication-slow'])(
  '%s of three regions is felt by nobody',
  async (fault) => {
    expect(await row(fault, THREE_REGIONS)).toMatchObject({ rto: null, met: true, reasons: [] });
  },
);
