// How the cost of a drill grows with its requests, its time and its regions.
import { inTurn } from '../harness/context.mjs';

/** Requests a second -> seconds of the fault: each drill has about 40,000 invocations, so the start of the process has the same share in all. */
const SECONDS = { 20: 1500, 40: 725, 80: 370, 160: 130, 320: 10 };
const RATES = Object.keys(SECONDS);
const TIMES = [300, 1200];
const REGIONS = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
  { name: 'seoul', awsRegion: 'ap-northeast-2' },
  { name: 'tokyo', awsRegion: 'ap-northeast-1' },
];
const rateName = (rate) => `${rate} requests a second`;

export const row = {
  name: 'growth',
  work: 'growth of a drill',
  does:
    `Drills of stacks that are synthesized before: ${RATES.join(', ')} requests a second, with a fault so long that each has about 40,000 invocations; ` +
    `faults of ${TIMES.join(' and ')} s; three and four regions in place of two.`,
  peer: 'itself with less to do',
  turns: 2,
  bars: [
    {
      title: 'CPU for 1,000 invocations, 20 to 320 requests a second',
      kind: 'widest',
      of: 'cpuMsPerThousand',
      cases: RATES.map(rateName),
      atMost: 1.25,
    },
  ],
  async prepare({ stack, dr }) {
    const two = await stack();
    const drillOf = (name, file, args) =>
      inTurn(name, {
        drill: async () => {
          const { cpuMs, wallMs, stdout } = await dr(['drill', '--json', '--stack', file, ...args]);
          const { invocations } = JSON.parse(stdout).simulation;
          return { cpuMs, wallMs, invocations, cpuMsPerThousand: (cpuMs / invocations) * 1000 };
        },
      });
    const atRate = (rate) => ['--rate', rate, '--duration', String(SECONDS[rate])];
    const regions = [3, 4].map(async (count) => {
      const file = await stack(['--set', `regions=${JSON.stringify(REGIONS.slice(0, count))}`]);
      return drillOf(`${count} regions`, file, []);
    });
    return [
      ...RATES.map((rate) => drillOf(rateName(rate), two, atRate(rate))),
      ...TIMES.map((time) => drillOf(`a fault of ${time} s`, two, ['--duration', String(time)])),
      ...(await Promise.all(regions)),
    ];
  },
};
