import { RunLog } from '../log/run-log';
import { logOf } from '../testing/logs';
import { doneWords, faultName } from './acts';
import { linesOf } from './command-lines';
import { paceOf } from './pace';
import { rowsOf } from './story';
import { verdictOf } from './verdict';
import { whatHappened } from './fault';

const clock = { atMs: 0, asked: 10, reached: 9.8, behindMs: 0, paused: false };

test.each([
  ['10 x', clock],
  ['10 x asked, 8.2 x reached', { ...clock, reached: 8.2 }],
  ['100 x asked, 42 x reached, 3.1\u00a0s behind', { ...clock, asked: 100, reached: 42, behindMs: 3_100 }],
  ['Paused', { ...clock, paused: true, reached: 0 }],
])('%s', (words, given) => expect(paceOf(given)).toBe(words));

test('what is done is said of what it was done to', () => {
  const fault = { kind: 'lambda-errors', region: 'mumbai', functionName: 'traffic-router' } as const;
  expect(doneWords({ do: 'begin', fault, seconds: 60 }, [])).toBe(
    'lambda-errors of traffic-router in Mumbai has begun, for 60 s.',
  );
  expect(doneWords({ do: 'end', id: '2' }, [{ id: '2', fault, endsAtMs: null }])).toBe(
    'lambda-errors of traffic-router in Mumbai is over.',
  );
  expect(faultName({ kind: 'link-cut', from: 'clients', to: 'mumbai' })).toBe('link-cut from Clients to Mumbai');
  expect(faultName({ kind: 'dns-empty', region: 'mumbai', service: 'sns' })).toBe('dns-empty of sns in Mumbai');
  expect(faultName({ kind: 'us-east-1-down', region: 'mumbai' })).toBe('us-east-1-down');
});

test('of a part of a region it is said which', () => {
  const at = { region: 'mumbai', startSeconds: 60, durationSeconds: 60 };
  expect([
    whatHappened({ kind: 'zone-dark', ...at }),
    whatHappened({ kind: 'zone-dark', zones: 2, ...at }),
    whatHappened({ kind: 'dns-empty', ...at }),
    whatHappened({ kind: 'dns-empty', service: 'sns', ...at }),
  ]).toEqual([
    'Mumbai lost a zone',
    'Mumbai lost 2 zones',
    'Mumbai lost the name of its dynamodb endpoint',
    'Mumbai lost the name of its sns endpoint',
  ]);
});

test('every region has its lines, and every place its DNS', () => {
  const ports = { loadBalancer: 'http://127.0.0.1:8081', dynamodb: 'http://127.0.0.1:8091' };
  const dns = { address: '127.0.0.1', port: 5300, name: 'app', vantages: [{ region: 'mumbai', port: 5301 }] };
  const regions = [{ name: 'mumbai', awsRegion: 'ap-south-1', ...ports, table: 't' }];
  const lines = linesOf({ dns, regions, apiKey: 'KEY' }).map(({ line }) => line);
  expect(lines).toEqual([
    'curl http://127.0.0.1:8081/health',
    `curl -X PUT -d '{"hello":"mumbai"}' -H content-type:application/json --oauth2-bearer KEY http://127.0.0.1:8081/items/hello`,
    'curl --oauth2-bearer KEY http://127.0.0.1:8081/items/hello',
    'dig @127.0.0.1 -p 5301 app',
    expect.stringContaining('aws dynamodb scan --table-name t --max-items 3 --endpoint-url http://127.0.0.1:8091'),
  ]);
  const withoutKey = linesOf({ dns, regions: [{ ...regions[0]!, table: null }], apiKey: null });
  expect(withoutKey.map(({ line }) => line).join()).not.toMatch(/bearer|aws/);
});

test('the mail that an alarm is over is of the story only where it was on', () => {
  const address = { region: 'mumbai', topic: 't', protocol: 'email', endpoint: 'x', messageId: 'm' };
  const mail = (atMs: number, subject: string) => ({ atMs, kind: 'delivered', subject, ...address }) as const;
  const turns = (atMs: number, alarm: string, previous: 'ALARM' | 'INSUFFICIENT_DATA' | 'OK', state: 'ALARM' | 'OK') =>
    ({ atMs, kind: 'alarm', region: 'mumbai', alarm, state, previous, reason: '' }) as const;
  const more = [
    turns(61_000, 'quiet', 'INSUFFICIENT_DATA', 'OK'),
    mail(61_001, 'OK: "quiet" in Mumbai'),
    turns(62_000, 'rang', 'OK', 'ALARM'),
    turns(63_000, 'rang', 'ALARM', 'OK'),
    mail(63_001, 'OK: "rang" in Mumbai'),
  ];
  const { Story, Messages } = rowsOf(new RunLog(logOf({ more })));
  expect(Messages).toHaveLength(2);
  const mails = Story.filter(({ icon }) => icon === 'message').map(({ text }) => text);
  expect(mails).toEqual(['E-mail: OK: "rang" in Mumbai']);
});

/** [what, until when the run has come, requests, headline]. */
test.each([
  ['nothing is struck', 50_000, [], /^Running\. Nothing is broken/],
  ['nobody has failed yet', 61_000, [], /went dark 1\.0.s ago\. No client has failed\./],
  ['some are down', 70_000, [['c1', 'mumbai', 61_000, 64_000, false]], /went dark 10\.0.s ago\. 1 client is down\./],
  [
    'all are back while it lasts',
    100_000,
    [
      ['c1', 'mumbai', 61_000, 64_000, false],
      ['c1', 'mumbai', 89_000, 90_000, true],
    ],
    /ago\. The client that it hit is back since \+30\.0.s\./,
  ],
  ['it is over', 130_000, [], /^Mumbai went dark at 60.s, for 60\.0.s\. No client has failed\.$/],
] as const)('a run that goes on, %s', (_, toMs, requests, headline) => {
  const { header, events } = logOf({ requests });
  const log = RunLog.running({ ...header, run: 'live' });
  log.append(events.filter(({ atMs }) => atMs <= toMs));
  log.advance(toMs);
  expect(verdictOf(log)).toMatchObject({ tag: 'Live', passed: undefined, headline: expect.stringMatching(headline) });
});
