// A small event log as a file. For tests.
import { createHash } from 'node:crypto';
import { fileLines, type LogHeader } from '@dr/event-log';

const TWO = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
] as const;

/** The text of a log in which nothing breaks. */
export function eventLogText(header: Partial<LogHeader> = {}): string {
  const regions = header.regions ?? TWO;
  const events = regions.map(({ name }) => ({
    atMs: 0,
    kind: 'dns-answer' as const,
    name: 'app.example.com',
    from: name,
    regions: [name],
  }));
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  const hash = createHash('sha256').update(lines.join('')).digest('hex');
  return [
    ...fileLines(
      {
        program: 'dr 1.2.3',
        commit: 'abc1234',
        checkout: 'clean',
        writtenAt: '2026-01-05T10:00:00.000Z',
        configSha256: 'c0ffee',
        run: 'drill',
        seed: 7,
        domain: 'app.example.com',
        routing: 'latency',
        settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 },
        faults: [],
        orders: [],
        stackSha256: '57ac',
        ...header,
        regions,
      },
      { length: events.length, lines: () => lines, hash: () => hash },
      { atMs: 1000, passed: true, reasons: [] },
    ),
  ].join('');
}
