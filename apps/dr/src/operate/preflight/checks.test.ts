// What preflight says of regions, quotas, runtimes, money and the state, case by case.
import { regionConcurrency } from '@dr/contracts/system';
import { InputError } from '@dr/contracts';
import type { DrConfigInput } from '@dr/contracts/system/config';
import { Denied } from '../operator';
import { factOf, unknown } from '../fact';
import { configWith as base } from '../../testing/config';
import { budgetRow, checkAccount, costRow, credentialsRow, namesRow, smsRow, stateRow } from './account';
import { healthCheckRow, quotaRow } from './quotas';
import type { Budget } from './reader';
import { concurrencyRow, isDisabled, regionRow } from './regions';
import { runtimeRow } from './runtimes';
import { serviceRoleRow } from './service-roles';

const OWN = { zone: 'shop.in', domain: 'app.shop.in', objectives: { rtoSeconds: 60, requestsPerSecond: 100 } };
const configWith = (overrides: Partial<DrConfigInput> = {}) => base({ ...OWN, ...overrides });

describe('the account', () => {
  const identity = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/me', clockAheadMs: 0 };

  test('that was expected, or any where none is', () => {
    expect(() => checkAccount(identity, undefined)).not.toThrow();
    expect(() => checkAccount(identity, '123456789012')).not.toThrow();
    expect(credentialsRow(identity, '123456789012')).toMatchObject({ verdict: 'ok', toDo: null });
  });

  test('fails when it is another one', () => {
    expect(() => checkAccount(identity, '210987654321')).toThrow(InputError);
    expect(() => checkAccount(identity, '210987654321')).toThrow(/123456789012.*user\/me.*is not 210987654321/);
  });

  test('is warned about when these are the root user’s credentials', () => {
    expect(credentialsRow({ ...identity, arn: 'arn:aws:iam::123456789012:root' }, undefined).verdict).toBe('warn');
  });
});

describe('a region', () => {
  const regions = {
    known: new Map([['ap-south-1', 'opt-in-not-required'] as const, ['ap-south-2', 'opted-in'] as const]),
  };
  const off = { known: new Map([['ap-south-2', 'not-opted-in'] as const]) };

  test.each([
    ['ap-south-1', regions, 'ok', false],
    ['ap-south-2', regions, 'ok', false],
    ['ap-south-2', off, 'fail', true],
    ['mars-1', regions, 'fail', true],
    ['ap-south-1', unknown('ec2:DescribeRegions is denied', 'Allow it'), 'unknown', false],
  ])('%s of %j is %s', (awsRegion, known, verdict, disabled) => {
    expect(regionRow(awsRegion, known)).toMatchObject({ verdict, region: awsRegion });
    expect(isDisabled(awsRegion, known)).toBe(disabled);
  });

  test('fails with the command that enables it', () => {
    expect(regionRow('ap-south-2', off).toDo).toContain('aws account enable-region --region-name ap-south-2');
  });
});

describe('Lambda concurrency', () => {
  // 100 requests/s need 10 of the router beside the other functions.
  const { router, others } = regionConcurrency(100);
  const needed = router + others;
  test.each([
    ['a new account', { limit: 10, unreserved: 10, ours: 0 }, undefined, 'fail'],
    ['one too few', { limit: needed - 1, unreserved: needed - 1, ours: 0 }, undefined, 'fail'],
    ['exactly enough', { limit: needed, unreserved: needed, ours: 0 }, undefined, 'ok'],
    ['others reserve all but too little', { limit: 1_000, unreserved: needed - 1, ours: 0 }, undefined, 'fail'],
    ['what is reserved is ours', { limit: 1_000, unreserved: 100, ours: 900 }, undefined, 'ok'],
    ['the quota as stated', { limit: 1_000, unreserved: 1_000, ours: 0 }, 1_000, 'ok'],
    ['as stated, and applied', { limit: 1_000, unreserved: 100, ours: 900 }, 1_000, 'ok'],
    ['less than stated', { limit: 999, unreserved: 999, ours: 0 }, 1_000, 'fail'],
    ['others reserve some of what is stated', { limit: 1_000, unreserved: 950, ours: 0 }, 1_000, 'fail'],
    ['a stated quota of which nothing is reserved', { limit: 60, unreserved: 60, ours: 0 }, 60, 'ok'],
    ['such a quota, and less of it', { limit: needed - 1, unreserved: needed - 1, ours: 0 }, 60, 'fail'],
    ['more than stated', { limit: 1_000, unreserved: 950, ours: 0 }, 950, 'ok'],
  ])('%s: %j with %d', (_, quota, lambdaConcurrencyQuota, verdict) => {
    const config = configWith({ options: lambdaConcurrencyQuota === undefined ? {} : { lambdaConcurrencyQuota } });
    const row = concurrencyRow('ap-south-1', config, { known: quota });
    expect(row).toMatchObject({ verdict, region: 'ap-south-1' });
    if (verdict === 'fail')
      expect(row.toDo).toMatch(/--service-code lambda --quota-code L-B99A9384 --desired-value \d+/);
  });

  test('grows with the load', () => {
    const config = configWith({ objectives: { rtoSeconds: 60, requestsPerSecond: 20_000 } });
    const row = concurrencyRow('ap-south-1', config, { known: { limit: 1_000, unreserved: 1_000, ours: 0 } });
    expect(row).toMatchObject({ verdict: 'fail', found: expect.stringContaining(`need ${2_000 + others}`) });
    expect(row.toDo).toContain(`--desired-value ${2_000 + others}`);
  });
});

describe('room', () => {
  test.each([
    [{ limit: 5, used: 4, ours: 0 }, 1, 'ok'],
    [{ limit: 5, used: 5, ours: 0 }, 1, 'fail'],
    [{ limit: 5, used: 5, ours: 1 }, 1, 'ok'],
    [{ limit: 5, used: 5, ours: 1 }, 2, 'fail'],
    [{ limit: 0, used: 0, ours: 0 }, 0, 'ok'],
  ])('of %j for %d is %s', (usage, needed, verdict) => {
    expect(quotaRow('vpcs', 'ap-south-1', { known: usage }, needed).verdict).toBe(verdict);
    expect(healthCheckRow({ known: usage }, needed).verdict).toBe(verdict);
  });

  test('that is missing is asked for by the quota’s code', () => {
    const full = { known: { limit: 5, used: 5, ours: 0 } };
    expect(quotaRow('vpcs', 'ap-south-1', full, 1).toDo).toContain(
      '--region ap-south-1 --service-code vpc --quota-code L-F678F1CE --desired-value 6',
    );
  });
});

test.each([
  ['nodejs22.x', '2026-11-01', 'ok'],
  ['nodejs22.x', '2026-11-01T00:00:01Z', 'warn'],
  ['nodejs22.x', '2027-04-30', 'warn'],
  ['nodejs22.x', '2027-05-01', 'fail'],
  ['nodejs24.x', '2026-11-26', 'ok'],
  ['nodejs26.x', '2026-11-26', 'unknown'],
])('%s on %s is %s', (runtime, on, verdict) => {
  expect(runtimeRow('ap-south-1', runtime, Date.parse(on))).toMatchObject({ verdict, region: 'ap-south-1' });
});

test('a service-linked role that is missing is named with who makes it', () => {
  const role = { name: 'AWSServiceRoleForX', service: 'x.amazonaws.com', usedBy: 'the first x' };
  expect(serviceRoleRow(role, { known: true })).toMatchObject({ verdict: 'ok', toDo: null });
  const missing = serviceRoleRow(role, { known: false });
  expect(missing.verdict).toBe('warn');
  expect(missing.toDo).toMatch(/iam:CreateServiceLinkedRole.*the first x.*--aws-service-name x\.amazonaws\.com/);
});

test.each([
  [{}, 'ok', /none is reserved/],
  [{ zone: 'example.com', domain: 'app.example.com' }, 'fail', /zone "example\.com", domain "app\.example\.com"$/],
  [{ alerts: { emails: ['a@shop.in', 'b@mail.example.org'] } }, 'fail', /alerts\.emails "b@mail\.example\.org"$/],
])('names in %j are %s', (names, verdict, found) => {
  expect(namesRow(configWith(names))).toMatchObject({ verdict, found: expect.stringMatching(found) });
});

describe('money', () => {
  const budget = (over: Partial<Budget> = {}): Budget => ({
    name: 'all',
    limitUsd: 100,
    timeUnit: 'MONTHLY',
    notifications: 1,
    ...over,
  });

  test.each([
    ['no budget', [], 'warn', /there is none/],
    ['one that tells nobody', [budget({ notifications: 0 })], 'warn', /none tells anybody/],
    ['one that tells', [budget()], 'ok', /^all \(100 USD MONTHLY\)$/],
    ['one below the fixed cost', [budget({ limitUsd: 10 })], 'warn', /more$/],
    ['one below, one above', [budget({ limitUsd: 10 }), budget({ name: 'big' })], 'ok', /big/],
    ['one that is planned', [budget({ limitUsd: null })], 'ok', /planned/],
    ['a daily one', [budget({ limitUsd: 3, timeUnit: 'DAILY' })], 'ok', /DAILY/],
  ])('%s', (_, budgets, verdict, found) => {
    expect(budgetRow({ known: budgets }, 64.84, 100)).toMatchObject({ verdict, found: expect.stringMatching(found) });
  });

  test.each([
    [100, true, 'ok'],
    [100.01, true, 'fail'],
    [64, false, 'unknown'],
    [101, false, 'fail'],
  ])('%d USD of 100, all prices known: %s', (usd, priced, verdict) => {
    expect(costRow(usd, priced, 100).verdict).toBe(verdict);
  });
});

describe('the state', () => {
  const s3 = configWith({ state: { backend: 's3', bucket: 'states', region: 'us-east-1' } });
  test.each([
    ['in a local file', configWith(), undefined, 'warn', /local/],
    ['in a bucket with versions', s3, { region: 'us-east-1', versioned: true }, 'ok', /states, versioned/],
    ['in a bucket without', s3, { region: 'us-east-1', versioned: false }, 'warn', /no versions/],
    ['in a bucket elsewhere', s3, { region: 'eu-west-1', versioned: true }, 'fail', /in eu-west-1, not in us-east-1/],
    ['in no bucket', s3, undefined, 'fail', /no bucket states/],
  ])('%s', (_, config, bucket, verdict, found) => {
    expect(stateRow(config, { known: bucket })).toMatchObject({ verdict, found: expect.stringMatching(found) });
  });
});

test('the SMS sandbox is warned about', () => {
  expect(smsRow('ap-south-1', { known: false }, ['+919812345678']).verdict).toBe('ok');
  expect(smsRow('ap-south-1', { known: true }, ['+919812345678'])).toMatchObject({
    verdict: 'warn',
    found: expect.stringContaining('only verified numbers'),
  });
});

test('a defect of ours is never taken for an answer of AWS', async () => {
  await expect(factOf(() => Promise.reject(new TypeError('x is undefined')))).rejects.toThrow(TypeError);
  expect(await factOf(() => Promise.reject(new Denied('a:B', 'a:B on c', 'no')))).toEqual({
    unknown: 'a:B is denied',
    toDo: 'Allow a:B to these credentials',
  });
});
