// What is asked of a real account by `npm run conformance -- --target aws`, asked of the emulated one: each row comes to its end there, what
// AWS refuses is refused, and nothing is left behind.
import { setTimeout as pause } from 'node:timers/promises';
import { ask, ROWS } from '../conformance/rows';
import { Sandbox } from '../conformance/sandbox';
import { CREDENTIALS, startEmulatedAws, type EmulatedAws } from './support/emulated-aws';

let aws: EmulatedAws;
const environment = { ...process.env };

beforeAll(async () => {
  aws = await startEmulatedAws();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  });
});

afterAll(async () => {
  process.env = environment;
  await aws?.stop();
});

test.each(ROWS.filter(({ notEmulated }) => notEmulated === undefined).map((row) => [row.id, row] as const))(
  '%s',
  async (id, row) => {
    const said: string[] = [];
    const world = {
      nowMs: () => performance.now(),
      sleep: (ms: number) => pause(ms),
      say: (line: string) => void said.push(line),
    };
    const options = { region: 'us-east-1', other: 'us-west-2', run: id.toLowerCase().replace('-', '') };
    const asked = await ask([row], new Sandbox(options, world));
    expect(asked).toEqual({ results: [{ id, outcome: 'holds' }], left: [] });
    // What moto keeps of a zone that is gone; AWS has none of it.
    const left = Object.keys(await aws.inventory()).filter((one) => one !== 'route53/aws/delegation_sets');
    expect(left).toEqual([]);
  },
);
