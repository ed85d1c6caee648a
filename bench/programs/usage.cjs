// Required by every node process of a measured command (NODE_OPTIONS): at its end it leaves what it used in DR_BENCH_USAGE, a directory.
// A file that stays empty is of a process that still runs, or was killed.
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

const directory = process.env.DR_BENCH_USAGE;
/** Linux counts a program's time in hundredths of a second. */
const TICK_MS = 10;

/** CPU of children that are no node process, as esbuild's: they are still there while their parent ends. Linux only. */
function nativeChildrenMs() {
  if (process.platform !== 'linux') return 0;
  const known = new Set(readdirSync(directory));
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && !known.has(name));
  return others.reduce((sum, pid) => sum + ofChildMs(pid), 0);
}

/** User and system time of a child of this process. */
function ofChildMs(pid) {
  try {
    // The name of the program, in brackets, may hold blanks.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[1]) === process.pid ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : 0;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

if (directory && isMainThread) {
  const file = join(directory, String(process.pid));
  writeFileSync(file, '');
  process.once('exit', () => {
    const { user, system } = process.cpuUsage();
    // maxRSS: in KB.
    const peakMb = process.resourceUsage().maxRSS / 1024;
    writeFileSync(file, JSON.stringify({ cpuMs: (user + system) / 1000 + nativeChildrenMs(), peakMb }));
  });
}
