// Compares the replicas that a server holds, by the function of a bundle: `node consistency.cjs BUNDLE ENDPOINT`.
const [bundle, endpoint] = process.argv.slice(2);
const { compare } = require(bundle);

async function main() {
  const started = performance.now();
  const before = process.cpuUsage();
  const found = await compare(endpoint);
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - started;
  process.stdout.write(JSON.stringify({ ...found, cpuMs: (user + system) / 1000, wallMs }), () => process.exit(0));
}
main();
