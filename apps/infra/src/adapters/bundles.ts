// Reads the Lambda bundles that `npm run build` leaves and zips them so that equal code gives equal bytes.
import { InputError } from '@dr/contracts';
import { FUNCTIONS, type FunctionName } from '@dr/contracts/system';
import { zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ZippedBundle {
  readonly functionName: FunctionName;
  readonly file: string;
  /** Base64 SHA-256 of the zip, as Lambda states it. */
  readonly hash: string;
}
export type ZippedBundles = Readonly<Record<FunctionName, ZippedBundle>>;

// A zip holds local time without a zone: these are its lowest date, the same bytes in every time zone.
const ZIP_EPOCH = new Date(1980, 0, 1);
const BUNDLE = 'index.js';
/** Written by scripts/freshness.mjs. */
const RECORD = 'build.json';
const UNIX = 3;
const READABLE_FILE = 0o100644 << 16;

/** Zips `<directory>/<function>/index.js` of every function into `outDirectory`. Throws InputError for a missing one. */
export function zipBundles(directory: string, outDirectory: string): ZippedBundles {
  mkdirSync(outDirectory, { recursive: true });
  const zipped = FUNCTIONS.map((functionName): [FunctionName, ZippedBundle] => {
    const code = readBundle(join(directory, functionName));
    const zip = zipSync({ 'index.js': [code, { mtime: ZIP_EPOCH, os: UNIX, attrs: READABLE_FILE, level: 9 }] });
    const file = join(outDirectory, `${functionName}.zip`);
    writeFileSync(file, zip);
    return [functionName, { functionName, file, hash: createHash('sha256').update(zip).digest('base64') }];
  });
  return Object.fromEntries(zipped) as ZippedBundles;
}

function readBundle(directory: string): Uint8Array {
  const path = join(directory, BUNDLE);
  let code: Uint8Array;
  try {
    code = readFileSync(path);
  } catch (cause) {
    throw new InputError(`Lambda bundle ${path}`, 'is missing', 'Run `npm run build` first', { cause });
  }
  const built = recordedDigest(directory);
  if (built !== undefined && built !== createHash('sha256').update(code).digest('base64')) {
    throw new InputError(
      `Lambda bundle ${path}`,
      `is not the one that was built: ${RECORD} beside it tells of another`,
      'Run `npm run build`, or delete that record where you mean this file',
    );
  }
  return code;
}

/** What the build has noted of the bundle in `directory`; undefined for a bundle that it did not write. */
function recordedDigest(directory: string): unknown {
  try {
    const record = JSON.parse(readFileSync(join(directory, RECORD), 'utf8')) as { outputs?: Record<string, unknown> };
    return record.outputs?.[BUNDLE] ?? '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return '';
  }
}
