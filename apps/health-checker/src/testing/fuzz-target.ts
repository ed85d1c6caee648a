// What is held of health-checker, whatever event it is given: no crash, and the verdict that a probe would get.
import { HEALTH_PATH, LIVENESS_PATH, PEER_PATH } from '@dr/contracts/system';
import { admissionConstants, peerDeadlines } from '@dr/failover';
import {
  FakeClock,
  FakeHttp,
  FakeInvoker,
  MemoryTable,
  createTelemetry,
  decodeAlb,
  isAlbEvent,
  isScheduled,
  syntheticGet,
  type FuzzTarget,
} from '@dr/handler-core';
import { healthChecker } from '../handler';

const PEER = { name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' };
const PROBE = syntheticGet('/health/token');
const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {}, time: '2026-11-01T00:00:00Z' };
const ASKED = [HEALTH_PATH, LIVENESS_PATH, PEER_PATH].map((path) => syntheticGet(path));
const EVENTS = [PROBE, PROBE, PROBE, ...ASKED, SCHEDULE];

export const healthTarget: FuzzTarget = {
  async world(chance) {
    const clock = new FakeClock();
    const http = new FakeHttp();
    const [table, invoker] = [new MemoryTable(), new FakeInvoker()];
    const handler = healthChecker({
      clock,
      telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'h', write: () => undefined }),
      table,
      replicas: [{ name: PEER.name, table: new MemoryTable() }],
      invoker,
      http,
      region: 'mumbai',
      peers: [PEER],
      routerFunction: 'router:live',
      constants: admissionConstants(42),
      deadlines: peerDeadlines('ap-south-1', [PEER.awsRegion]),
      waitForValidation: false,
      checkTokens: ['token'],
    });
    // A peer that nobody hears for this long keeps nobody from serving.
    for (let beats = 0; beats < 12; beats += 1) {
      await handler(PROBE);
      await clock.advance(5_000);
    }
    let verdict: unknown = 200;
    return {
      valid: () => chance.pick(EVENTS),
      async give(event) {
        await clock.advance(Math.floor(chance.next() * 4_000));
        table.failure = chance.next() < 0.05 ? chance.pick(['throttled', 'unavailable', 'denied']) : undefined;
        invoker.answer = chance.next() < 0.05 ? { kind: 'throttled' } : { kind: 'ok', payload: { statusCode: 200 } };
        try {
          const answer = await handler(event);
          const status = answer['statusCode'] ?? answer['status'];
          const outcome = String(status);
          if (!isAlbEvent(event)) {
            verdict = status === 'pass' ? 200 : 503;
            return { outcome, wrong: isScheduled(event) ? undefined : 'not an event, and answered' };
          }
          const before = verdict;
          const path = decodeAlb(event)?.path;
          if (path !== PEER_PATH && path !== LIVENESS_PATH) verdict = status;
          if (status === 200) return { outcome };
          // Bad input has no verdict of its own: a probe gets the same within the time that a verdict is kept. A peer is told what the
          // last beat found; the probe's own beat may find the region well again.
          verdict = (await handler(PROBE))['statusCode'];
          const isSound = verdict === 503 || (before === 503 && path === PEER_PATH);
          return { outcome, wrong: status === 503 && isSound ? undefined : `status ${outcome}` };
        } catch (error) {
          const isNone = !isAlbEvent(event) && !isScheduled(event) && String(error).includes('events only');
          return { outcome: 'no event', wrong: isNone ? undefined : `crash: ${String(error)}` };
        }
      },
    };
  },
};
