// What is held of data-consistency-validator, whatever event it is given: a report, or a refusal that says what is wrong.
import { FakeClock, FakeNotifier, MemoryTable, createTelemetry, type FuzzTarget } from '@dr/handler-core';
import { dataConsistencyValidator } from '../handler';

const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
const REFUSALS = /^Error: (unknown key|settleSeconds =|sinceMs =|run =)/;
const STATUSES = ['idle', 'open', 'finished'];

export const validatorTarget: FuzzTarget = {
  world(chance) {
    const clock = new FakeClock();
    const [here, there] = [new MemoryTable(7), new MemoryTable(5)];
    for (let n = 0; n < 12; n += 1) {
      const timestamp = `2026-10-01T00:00:00.${String(n).padStart(3, '0')}Z#mumbai#0000000a-000001`;
      for (const table of [here, there])
        table.apply({ id: `id-${n % 3}`, timestamp, region: 'mumbai', json: String(n) });
    }
    const handler = dataConsistencyValidator({
      clock,
      telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'v', write: () => undefined }),
      notifier: new FakeNotifier(),
      table: here,
      peers: [{ name: 'singapore', table: there }],
      system: 'dr',
      region: 'mumbai',
      keepsOutcome: chance.next() < 0.5,
    });
    let run: string | null = null;
    return {
      valid: () => {
        const sinceMs = clock.wallMs() - Math.floor(chance.next() * 100_000);
        return chance.pick<unknown>([
          SCHEDULE,
          {},
          { sinceMs, settleSeconds: 3 },
          { run: run ?? 'mumbai-1' },
          { reason: 'x', sinceMs },
        ]);
      },
      async give(event) {
        await clock.advance(Math.floor(chance.next() * 120_000));
        try {
          const report = await handler(event);
          run = report.run;
          const { status, passed, peers } = report;
          const sound = STATUSES.includes(status) && (status !== 'finished' || (passed && peers.length === 1));
          return { outcome: status, wrong: sound ? undefined : `no sound report: ${JSON.stringify(report)}` };
        } catch (error) {
          const isRefusal = REFUSALS.test(String(error));
          return { outcome: 'refused', wrong: isRefusal ? undefined : `crash: ${String(error)}` };
        }
      },
    };
  },
};
