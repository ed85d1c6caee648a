// An execution environment of lambda_runtime.py: `environment.cjs BUNDLE FD`. Events in on standard input, one a line;
// answers out on FD, one a line, so that what the handler prints stays apart. Ends when its input does.
const { writeSync } = require('node:fs');
const { createInterface } = require('node:readline');

const [bundle, fd] = process.argv.slice(2);
const answer = (value) => writeSync(Number(fd), `${JSON.stringify(value)}\n`);
const described = (error) => ({
  errorType: error?.name ?? typeof error,
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack).split('\n'),
});

const { handler } = require(bundle);
const lines = createInterface({ input: process.stdin });
let turn = Promise.resolve();
lines.on('line', (line) => {
  turn = turn.then(async () => {
    try {
      answer({ result: (await handler(JSON.parse(line), {})) ?? null });
    } catch (error) {
      answer({ error: described(error) });
    }
  });
});
lines.on('close', () => process.exit());
answer({ ready: true });
