// What `dr review --drill` adds: the drill beside each answer, in every format, and a finding where it is worse than the answer.
import type { DrilledFault, NamesDrill } from '@dr/drills';
import type { Review } from '@dr/review';
import { join } from 'node:path';
import { systemOf } from '../../testing/run-on';
import { withDrill } from './drilled';
import { FORMATS, rendered } from './formats';
import { finding, review, STATES } from './formats/testing/reviews';

const EXAMPLE = join(__dirname, '../../../../../docs/guides/review-example.tf.json');
const seen = (more: Partial<DrilledFault> = {}): DrilledFault => ({
  ...{ fault: 'region-dark', region: 'eu-west-1', outcome: 'recovers', worstSeconds: 41.25 },
  ...{ clients: 8, clientsAffected: 8, why: '8 of 8 clients failed' },
  ...more,
});
const drill = (...faults: readonly DrilledFault[]): NamesDrill => ({
  names: [{ name: 'app.example.com', policy: 'latency', faults }],
  assumptions: ['clients ask GET / alone'],
});
const never = seen({ outcome: 'never', worstSeconds: null });
const rulesOf = ({ findings }: Review): string[] => findings.map(({ rule }) => rule);

test('each answer has what was drilled of it, and null where nothing was', () => {
  const { names, verdict, findings } = withDrill(review(), drill(seen()));
  expect(names[0]?.faults).toMatchObject([
    {
      drilled: { outcome: 'recovers', seconds: 41.25, why: '8 of 8 clients failed' },
      assumptions: ['resolvers keep to the TTL', 'in the drill, clients ask GET / alone'],
    },
    { drilled: null, assumptions: ['resolvers keep to the TTL'] },
  ]);
  expect([verdict, findings]).toEqual(['passes', []]);
});

test.each<[string, DrilledFault]>([
  ['does not recover', never],
  ['recovers for some', seen({ outcome: 'partly' })],
  ['waits for a person', seen({ outcome: 'manual', worstSeconds: null })],
  ['is slower than the objective', seen({ worstSeconds: 60.5 })],
])('a name that %s in a drill fails, once', (_, one) => {
  const drilled = withDrill(review(), drill(one, { ...one, region: 'us-east-1' }));
  expect(drilled).toMatchObject({
    verdict: 'fails',
    findings: [{ rule: 'recovers-in-a-drill', severity: 'blocks', address: 'app.example.com' }],
  });
});

test('what the review has found as well is found once, and what is waived stays waived', () => {
  expect(rulesOf(withDrill(STATES.fails, drill(never)))).toEqual(rulesOf(STATES.fails));
  expect(withDrill(STATES.waived, drill(never)).verdict).toBe('passes');
  expect(rulesOf(withDrill(STATES.worse, drill(seen({ worstSeconds: 150 }))))).toEqual(rulesOf(STATES.worse));
  expect(
    withDrill(STATES.fails, drill(seen(), seen({ region: 'us-east-1', outcome: 'never' }))).findings[0],
  ).toMatchObject({
    rule: 'recovers-in-a-drill',
    atFailover: 'app.example.com, region-dark in us-east-1: 8 of 8 clients failed',
  });
});

test('what a drill cannot tell leaves the verdict as it is', () => {
  expect(withDrill(review(), drill(seen({ outcome: 'unknown', worstSeconds: null }))).verdict).toBe('passes');
  expect(withDrill(STATES.unknown, drill(seen({ outcome: 'unknown', worstSeconds: null }))).verdict).toBe('unknown');
});

test.each(FORMATS)('the drill stands in the %s', (format) => {
  const shown = (of: Review): string => rendered(format, of, { width: 200, version: '1.2.3' });
  const slow = withDrill(review({ findings: [finding({ severity: 'note' })] }), drill(seen({ worstSeconds: 60.5 })));
  expect(shown(slow)).toContain(
    format === 'json' ? '"seconds":60.5' : format === 'sarif' ? '60.5 s' : '(drilled: 60.5 s)',
  );
  expect(shown(slow)).toContain('recovers-in-a-drill');
  expect(shown(review())).not.toContain('drilled');
});

test('a stack is drilled for real, and the two agree', async () => {
  const { dr } = systemOf();
  const { code, out } = await dr('review', EXAMPLE, '--rto', '120', '--drill');
  expect(code).toBe(1);
  expect(out).toMatch(/region-dark +eu-west-1 +never \(drilled: never\) +because of aws_route53_record\.primary\n/);
  expect(out).toMatch(/region-dark +eu-central-1 +nobody affected \(drilled: nobody affected\)/);
  expect(out).toContain('FAILS: 1 public name, objective 120 s. 1 finding blocks.\n');
});
