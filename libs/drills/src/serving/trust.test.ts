// Faults of trust: certificates that are never issued, TLS that callers do not speak, roles that nobody takes on, code that nobody knows.
import { add, all, at, isFound, judged, nat, on, set, VPC, type Json, type Stack } from './testing/plant';

const HTTPS = 'aws_lb_listener.mumbai_alb_https';
const CERTIFICATE = 'aws_acm_certificate.mumbai_certificate';
const PROOF = 'aws_route53_record.mumbai_certificate_validation';
const NOT_PROVED = `${CERTIFICATE} is never issued: ${PROOF} does not prove that mumbai.app.example.com is yours`;
const ZONE_ID = '${data.aws_route53_zone.zone.zone_id}';
const caa = (name: string, ...records: string[]) =>
  add('aws_route53_record.caa', { provider: 'aws', zone_id: ZONE_ID, name, type: 'CAA', ttl: 300, records });

describe('certificates', () => {
  isFound([
    ['a proof of another value', set(PROOF, { records: ['wrong.example.net.'] }), NOT_PROVED],
    ['a proof of another type', set(PROOF, { type: 'A', records: ['192.0.2.1'] }), NOT_PROVED],
    [
      'the proof of another certificate',
      (stack) => {
        const { records } = at(stack, 'aws_route53_record.singapore_certificate_validation');
        at(stack, PROOF)['records'] = records;
      },
      NOT_PROVED,
    ],
    ['a proof as text', set(PROOF, { type: 'TXT' }), 'no record proves that mumbai.app.example.com is yours'],
    [
      'a proof in a private zone',
      all(
        add('aws_route53_zone.z', { name: 'example.com', vpc: [{ vpc_id: VPC }] }),
        set(PROOF, { zone_id: '${aws_route53_zone.z.zone_id}' }),
      ),
      `${CERTIFICATE} is never issued: ${PROOF} is in a private zone`,
    ],
    [
      'another authority',
      caa('example.com', '0 issue "letsencrypt.org"'),
      `${CERTIFICATE} is never issued: aws_route53_record.caa`,
    ],
    ['no authority', caa('app.example.com', '0 issue ";"'), `${CERTIFICATE} is never issued: aws_route53_record.caa`],
  ]);

  test.each<[string, (stack: Stack) => void]>([
    ['ACM is let', caa('example.com', '0 issue "amazon.com"', '0 issuewild ";"')],
    ['a CAA record of another name', caa('www.example.com', '0 issue "letsencrypt.org"')],
    ['a CAA record that lets everybody', caa('example.com', '0 iodef "mailto:a@example.com"')],
    [
      'a value with the dot of the root',
      set(PROOF, {
        records: [
          '${one([for o in aws_acm_certificate.mumbai_certificate.domain_validation_options : o.resource_record_value if o.domain_name == "mumbai.app.example.com"])}',
        ],
      }),
    ],
  ])('nothing is found: %s', (_, plant) => expect(judged(plant)).toBe(''));
});

describe('TLS', () => {
  isFound(
    on(HTTPS, [
      [
        'a policy that is none',
        { ssl_policy: 'ELBSecurityPolicy-None' },
        'has the ssl_policy "ELBSecurityPolicy-None"',
      ],
      ['TLS 1.3 alone', { ssl_policy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }, 'takes TLS 1.3 alone'],
    ]),
  );
  test.each(['ELBSecurityPolicy-2016-08', 'ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09', null])(
    'nothing is found: %s',
    (policy) => expect(judged(set(HTTPS, { ssl_policy: policy }))).toBe(''),
  );
});

const ROLE = 'aws_iam_role.mumbai_traffic_router_role';
const ROUTER = 'aws_lambda_function.mumbai_traffic_router';
const allow = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
const policy = (...statements: unknown[]): Json => ({
  assume_role_policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
});
const NOT_TRUSTED = `(of ${ROUTER}) does not let lambda.amazonaws.com assume it`;
const UNREADABLE = `(of ${ROUTER}) has an assume_role_policy that cannot be read`;

describe('roles', () => {
  isFound([
    ...on(ROLE, [
      ['trust in another service', policy({ ...allow, Principal: { Service: 'ec2.amazonaws.com' } }), NOT_TRUSTED],
      ['trust in an account', policy({ ...allow, Principal: { AWS: '*' } }), NOT_TRUSTED],
      ['trust for another action', policy({ ...allow, Action: 'sts:TagSession' }), NOT_TRUSTED],
      ['trust in nobody', policy(), NOT_TRUSTED],
      ['trust that is denied', policy(allow, { ...allow, Effect: 'Deny' }), NOT_TRUSTED],
      [
        'trust that everybody is denied',
        policy(allow, { Effect: 'Deny', Principal: '*', Action: 'sts:*' }),
        NOT_TRUSTED,
      ],
      [
        'trust that all others are denied',
        policy(allow, { Effect: 'Deny', NotPrincipal: { AWS: '1' }, Action: '*' }),
        NOT_TRUSTED,
      ],
      [
        'trust on a condition',
        policy({ ...allow, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }),
        `(of ${ROUTER}) lets lambda.amazonaws.com assume it on a condition`,
      ],
      ['no JSON', { assume_role_policy: '{' }, UNREADABLE],
      ['no policy', { assume_role_policy: 'null' }, NOT_TRUSTED],
      ['no statement', { assume_role_policy: '{"Statement":null}' }, NOT_TRUSTED],
      ['statements that are none', { assume_role_policy: '{"Statement":[null]}' }, UNREADABLE],
    ]),
    [
      'a role of another state',
      set(ROUTER, { role: 'arn:aws:iam::1:role/other' }),
      `${ROUTER} has the role "arn:aws:iam::1:role/other", which is not in the stack`,
    ],
    [
      'the role of a function on a target of events',
      set('aws_cloudwatch_event_target.mumbai_health_schedule_target', { role_arn: `\${${ROLE}.arn}` }),
      'does not let events.amazonaws.com assume it',
    ],
    ['an image', set(ROUTER, { package_type: 'Image' }), `${ROUTER} is an image`],
  ]);

  test.each<[string, Json]>([
    [
      'among others',
      policy({ ...allow, Principal: { Service: ['edgelambda.amazonaws.com', 'lambda.amazonaws.com'] } }),
    ],
    ['by a pattern', policy({ ...allow, Action: ['sts:*'] })],
    ['in one statement', { assume_role_policy: JSON.stringify({ Statement: allow }) }],
    [
      'beside a denial of others',
      policy(allow, { ...allow, Effect: 'Deny', Principal: { Service: 'ec2.amazonaws.com' } }),
    ],
  ])('nothing is found: trust %s', (_, values) => expect(judged(all(nat(), set(ROLE, values)))).toBe(''));
});
