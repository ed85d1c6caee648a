// Loads a bundle in a process of its own and has it answer a first event; what that took goes to a file, as functions write to stdout:
// `node cold-start.cjs FILE EVENT OUT`.
const { writeFileSync } = require('node:fs');

const [file, event, out] = process.argv.slice(2);
const started = performance.now();
const before = process.cpuUsage();
const { handler } = require(file);
const loaded = process.cpuUsage(before);
const cpuMsOf = ({ user, system }) => (user + system) / 1000;

async function main() {
  await handler(JSON.parse(event));
  const cpuMs = cpuMsOf(process.cpuUsage(before));
  const wallMs = performance.now() - started;
  writeFileSync(out, JSON.stringify({ loadCpuMs: cpuMsOf(loaded), cpuMs, wallMs }));
  process.exit(0);
}
main();
