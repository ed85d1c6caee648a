// What cannot be told before an apply is never taken for absent: a value that becomes unknown adds nothing that weighs more than a note.
import { parseStack } from '@dr/terraform-json';
import { reviewStack } from '../review';
import { BASES, type BaseName } from '../testing/bases/others';
import type { Body } from '../testing/edits';

const LATER = '${var.later}';

/** Every argument of every resource and of its blocks, as where it is and what makes it unknown. */
function* places(body: Body, path: string): Iterable<[path: string, hide: () => void]> {
  for (const [key, value] of Object.entries(body)) {
    if (key === 'provider') continue;
    yield [`${path}.${key}`, () => void (body[key] = LATER)];
    for (const [at, inner] of (Array.isArray(value) ? value : [value]).entries())
      if (typeof inner === 'object' && inner !== null) yield* places(inner as Body, `${path}.${key}[${at}]`);
  }
}

function* placesIn(base: BaseName): Iterable<[path: string, json: unknown, hide: () => void]> {
  const addresses = Object.entries(BASES[base]().resource).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => [type, name] as const),
  );
  // The rest of the ledger is the shop.
  for (const [type, name] of addresses.filter(([type]) => base !== 'ledger' || type.startsWith('aws_rds_'))) {
    const count = [...places(BASES[base]().resource[type]?.[name] ?? {}, '')].length;
    for (let at = 0; at < count; at += 1) {
      const json = { ...BASES[base](), variable: { later: {} } };
      const [path, hide] = [...places(json.resource[type]?.[name] ?? {}, `${type}.${name}`)][at] ?? [
        '',
        () => undefined,
      ];
      yield [path, json, hide];
    }
  }
}

const serious = (json: unknown): string[] =>
  reviewStack(parseStack(json, '/stack'), { rtoSeconds: null, rpoSeconds: null })
    .findings.filter(({ severity }) => severity !== 'note')
    .map(({ rule, address }) => `${rule} ${address}`);

test.each(Object.keys(BASES) as BaseName[])('of %s', (base) => {
  const sound = serious(BASES[base]());
  const added = [...placesIn(base)].flatMap(([path, json, hide]) => {
    hide();
    try {
      const added = serious(json).filter((one) => !sound.includes(one));
      return added.map((one) => `${path} unknown: ${one}`);
    } catch (error) {
      return [`${path} unknown: ${String(error)}`];
    }
  });
  expect(added).toEqual([]);
});
