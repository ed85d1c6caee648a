// `require` of an execution environment: pure modules are the real ones, the rest is virtual, empty or refused by name.
import * as zlib from 'node:zlib';
import type { HttpModules } from './http-client';
import { LAMBDA_PLATFORM, type VirtualPerformance } from './virtual-globals';
import { refusing, type VirtualCrypto } from './virtual-crypto';
import type { VirtualTimers } from './virtual-timers';

interface ModuleParts {
  readonly http: HttpModules;
  readonly crypto: VirtualCrypto;
  readonly timers: VirtualTimers;
  readonly performance: VirtualPerformance;
  readonly process: Readonly<Record<string, unknown>>;
}

type Require = (name: string) => unknown;

/** Node's own modules that are pure. */
const PURE =
  /^(assert|async_hooks|buffer|events|path|path\/posix|querystring|stream|stream\/promises|string_decoder|url|util)$/;
/** Loaded by the SDK at its start, used by credential sources that Lambda does not need. */
const REFUSED = /^(child_process|http2|net|tls|dns|dgram|readline|worker_threads|cluster|vm|v8)$/;

const notFound = (file: unknown): Error =>
  Object.assign(new Error(`ENOENT: no such file or directory, open '${String(file)}'`), {
    code: 'ENOENT',
    errno: -2,
    syscall: 'open',
  });

const rejectNotFound = (file: unknown): Promise<never> => Promise.reject(notFound(file));
const throwNotFound = (file: unknown): never => {
  throw notFound(file);
};
/** Calls the last argument back with ENOENT. */
const callNotFound = (...args: unknown[]): void => {
  const callback = args.at(-1);
  if (typeof callback === 'function')
    process.nextTick(() => void (callback as (error: Error) => void)(notFound(args[0])));
};

const FS_PROMISES = refusing('node:fs/promises', {
  readFile: rejectNotFound,
  stat: rejectNotFound,
  lstat: rejectNotFound,
  access: rejectNotFound,
  open: rejectNotFound,
});
/** The SDK reads ~/.aws on first use: an empty file system keeps that from depending on the machine. */
const FS = refusing('node:fs', {
  promises: FS_PROMISES,
  constants: {},
  existsSync: () => false,
  readFileSync: throwNotFound,
  statSync: throwNotFound,
  openSync: throwNotFound,
  readFile: callNotFound,
  stat: callNotFound,
  access: callNotFound,
});

const OS = refusing('node:os', {
  EOL: '\n',
  platform: () => LAMBDA_PLATFORM.platform,
  arch: () => LAMBDA_PLATFORM.arch,
  type: () => 'Linux',
  release: () => '5.10.0',
  hostname: () => 'lambda',
  homedir: () => '/home/sbx_user1051',
  tmpdir: () => '/tmp',
  cpus: () => [],
  totalmem: () => 512 * 1024 * 1024,
  freemem: () => 256 * 1024 * 1024,
  networkInterfaces: () => ({}),
  userInfo: () => ({ username: 'sbx_user1051', homedir: '/home/sbx_user1051' }),
});

/** Only what answers at once: the rest of zlib works on other threads, whose order is not fixed. */
const ZLIB = refusing('node:zlib', {
  constants: zlib.constants,
  gzipSync: zlib.gzipSync,
  gunzipSync: zlib.gunzipSync,
  deflateSync: zlib.deflateSync,
  inflateSync: zlib.inflateSync,
  brotliCompressSync: zlib.brotliCompressSync,
  brotliDecompressSync: zlib.brotliDecompressSync,
});

export function virtualRequire(parts: ModuleParts): Require {
  const { timers } = parts;
  const own: Readonly<Record<string, unknown>> = {
    http: parts.http.http,
    https: parts.http.https,
    crypto: parts.crypto.module,
    process: parts.process,
    perf_hooks: { performance: parts.performance },
    timers,
    'timers/promises': {
      setTimeout: (delayMs: number, value: unknown) =>
        new Promise((resolve) => void timers.setTimeout(() => resolve(value), delayMs)),
      setImmediate: (value: unknown) => new Promise((resolve) => void timers.setImmediate(() => resolve(value))),
    },
    fs: FS,
    'fs/promises': FS_PROMISES,
    os: OS,
    zlib: ZLIB,
  };
  return (name) => {
    const bare = name.replace(/^node:/, '');
    if (Object.hasOwn(own, bare)) return own[bare];
    if (PURE.test(bare)) return process.getBuiltinModule(bare);
    if (REFUSED.test(bare)) return refusing(`node:${bare}`);
    throw Object.assign(
      new Error(`Cannot find module '${name}': a bundle in the twin is one file and node's own modules`),
      { code: 'MODULE_NOT_FOUND' },
    );
  };
}
