// A region under its health-checker, for tests of what somebody else writes into its table.
import { PEER_PATH, stateKey, type AdmissionMemory, type StateRecord } from '@dr/contracts/system';
import { admissionConstants, observe, peerDeadlines } from '@dr/failover';
import {
  createTelemetry,
  FakeClock,
  FakeHttp,
  FakeInvoker,
  MemoryTable,
  syntheticGet,
  whileTimePasses,
} from '@dr/handler-core';
import { healthChecker } from '../handler';

export const PROBE = syntheticGet('/health/token-b');
const constants = admissionConstants(42);
const PEER = { name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' };

interface ServingOptions {
  readonly waitForValidation?: boolean;
  readonly failback?: 'automatic' | 'manual';
}

/** mumbai, which has served for 20 s beside singapore. Each `environment` is one more execution environment of its health-checker. */
export async function serving({ waitForValidation = false, failback }: ServingOptions = {}) {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const http = new FakeHttp();
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const environment = (question: unknown = PROBE) => {
    const handler = healthChecker({
      clock,
      telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'health-checker', write }),
      table,
      replicas: [{ name: PEER.name, table: new MemoryTable() }],
      invoker: new FakeInvoker(),
      http,
      region: 'mumbai',
      peers: [PEER],
      routerFunction: 'router:live',
      constants,
      deadlines: peerDeadlines('ap-south-1', ['ap-southeast-1']),
      waitForValidation,
      ...(failback ? { failback } : {}),
      checkTokens: ['token-a', 'token-b'],
    });
    return async () => {
      const answer = (await whileTimePasses(clock, handler(question), 10_000, 10)) as {
        statusCode: number;
        body: string;
      };
      return { status: answer.statusCode, body: JSON.parse(answer.body) as unknown };
    };
  };
  const record = (of = 'mumbai'): StateRecord =>
    table.all().find(({ timestamp }) => timestamp === stateKey(of)) as unknown as StateRecord;
  let sequence = 0;
  let memory: AdmissionMemory | null = null;
  /** `reads`: the peer's replica has our record, and the peer keeps a backup of it. */
  const peerBeats = ({ reads = false } = {}): void => {
    sequence += 1;
    const beat = { region: 'singapore', version: sequence, sequence, beatAtMs: clock.now(), state: 'serving' };
    const rest = { leaving: null, leavingSinceMs: null, closed: 0, reached: true, lastProbeAtMs: 0, grants: {} };
    const reading = { peers: ['mumbai'], records: reads ? [record()] : [], answers: {} };
    memory = observe(memory, reading, clock.now(), constants);
    table.apply({ id: 'control', timestamp: stateKey('singapore'), ...beat, ...rest, memory });
  };
  const probe = environment();
  const beat = async () => {
    await clock.advance(5_000);
    peerBeats();
    return probe();
  };
  for (let beats = 0; beats < 4; beats += 1) await beat();
  /** The peer's own /health says that it serves. */
  const peerAnswers = (): void =>
    void http.answers.set(`https://${PEER.host}${PEER_PATH}`, { status: 200, body: '{"reached":true}' });
  return { peerAnswers, clock, table, lines, record, beat, probe, environment, peerBeats };
}
