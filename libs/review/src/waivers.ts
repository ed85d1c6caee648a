// Findings that a team has accepted: each with its reason and the day until which that holds.
import { InputError } from '@dr/contracts';
import { verdictOf, type Judgeable, type Verdict } from './verdict';

export interface Waiver {
  readonly rule: string;
  /** As in the finding. */
  readonly address: string;
  readonly reason: string;
  /** YYYY-MM-DD: the last day, in UTC, on which it holds. */
  readonly expires: string;
}

export interface MetWaiver extends Waiver {
  /** How many findings it met. */
  readonly findings: number;
}

const KEYS = ['rule', 'address', 'reason', 'expires'] as const;
const SHAPE = '{ "waivers": [{ "rule": "...", "address": "...", "reason": "...", "expires": "YYYY-MM-DD" }] }';

/** Reads the file `path`. Throws InputError on what is not a waiver, and on one that no longer holds at `now`. */
export function parseWaivers(text: string, path: string, now: Date): Waiver[] {
  const file = `--waivers "${path}"`;
  const list = listIn(text, file);
  const waivers = list.map((one, at) => waiverIn(one, `${file}: waivers[${at}]`, now));
  const seen = new Set<string>();
  waivers.forEach(({ rule, address }, at) => {
    const key = JSON.stringify([rule, address]);
    if (seen.has(key))
      throw new InputError(
        `${file}: waivers[${at}]`,
        `waives ${rule} of ${address} a second time`,
        'Remove one of them',
      );
    seen.add(key);
  });
  return waivers;
}

function listIn(text: string, file: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new InputError(file, 'is not JSON', `Write ${SHAPE}`, { cause });
  }
  if (!isObject(parsed)) throw new InputError(file, 'is not an object', `Write ${SHAPE}`);
  refuseOtherKeys(parsed, ['waivers'], file);
  if (!Array.isArray(parsed['waivers'])) throw new InputError(file, 'has no list "waivers"', `Write ${SHAPE}`);
  return parsed['waivers'];
}

function waiverIn(value: unknown, what: string, now: Date): Waiver {
  if (!isObject(value)) throw new InputError(what, 'is not an object', `Write ${SHAPE}`);
  refuseOtherKeys(value, KEYS, what);
  const [rule, address, reason, expires] = KEYS.map((key) => textIn(value, key, what)) as [
    string,
    string,
    string,
    string,
  ];
  if (!isDay(expires))
    throw new InputError(what, `expires on "${expires}", which is no day`, 'Write the day as YYYY-MM-DD');
  if (expires < now.toISOString().slice(0, 10))
    throw new InputError(
      what,
      `${rule} of ${address} was waived until ${expires}, which is past`,
      'Mend what it waives and remove it, or decide anew and give it a later day',
    );
  return { rule, address, reason, expires };
}

function refuseOtherKeys(value: object, allowed: readonly string[], what: string): void {
  const other = Object.keys(value).find((key) => !allowed.includes(key));
  if (other !== undefined)
    throw new InputError(what, `has an unknown key "${other}"`, `Allowed here: ${allowed.join(', ')}`);
}

function textIn(value: Readonly<Record<string, unknown>>, key: string, what: string): string {
  const text = Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof text === 'string' && text.trim() !== '') return text.trim();
  const why = text === undefined || text === '' ? `has no ${key}` : `has a ${key} that is no text`;
  throw new InputError(what, why, FIXES[key] ?? `Give it a ${key}`);
}

const FIXES: Readonly<Record<string, string>> = {
  rule: 'Give it the rule of the finding',
  address: 'Give it the address of the finding',
  reason: 'Say why the finding is accepted',
  expires: 'Give it the day, YYYY-MM-DD, on which the decision is looked at again',
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A day of the calendar: not the 31st of June. */
function isDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

interface Waivable extends Judgeable {
  readonly verdict: Verdict;
  readonly findings: readonly (Judgeable['findings'][number] & { readonly rule: string; readonly address: string })[];
}

/** The findings that waivers meet are waived and block nothing; what is left decides. */
export function withWaivers<Reviewed extends Waivable>(
  review: Reviewed,
  waivers: readonly Waiver[],
): Reviewed & { readonly waivers: readonly MetWaiver[] } {
  const keyOf = ({ rule, address }: Pick<Waiver, 'rule' | 'address'>): string => JSON.stringify([rule, address]);
  const byKey = new Map(waivers.map((one) => [keyOf(one), one]));
  const met = new Map<string, number>();
  const findings = review.findings.map((finding) => {
    const key = keyOf(finding);
    const waiver = byKey.get(key);
    if (!waiver) return finding;
    met.set(key, (met.get(key) ?? 0) + 1);
    return { ...finding, waived: { reason: waiver.reason, expires: waiver.expires } };
  });
  return {
    ...review,
    verdict: verdictOf({ ...review, findings }),
    findings,
    waivers: waivers.map((one) => ({ ...one, findings: met.get(keyOf(one)) ?? 0 })),
  };
}
