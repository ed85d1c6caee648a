// A review of small and of large stacks next to a process that only parses the file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inTurn } from '../harness/context.mjs';

const PARSE = 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))';
const PEER = 'JSON.parse';
const CASE = 'libs/terraform-json/src/shown/testing/cases/01-alb-ecs-failover.state.json.gz';
/** In equal steps up to 5,000 resources; ours has some 200, the other team's 39. */
const OWN = [1, 13, 25];
const FOREIGN = [4, 66, 128];
const ownName = (count) => `own stack, ${count === 1 ? '1 copy' : `${count} copies`}`;
const foreignName = (count) => `another team's state, ${count} copies`;
const [OWN_ALL, FOREIGN_ALL] = [OWN.map(ownName), FOREIGN.map(foreignName)];
const ENDS = [OWN_ALL, FOREIGN_ALL].flatMap((names) => [names[0], names.at(-1)]);

export const row = {
  name: 'review',
  work: 'a review, of 150 and of 5,000 resources',
  does:
    'Runs `dr review` in a new process on our synthesized stack and on the state of another team, each copied with names of its own until it has 5,000 resources. ' +
    'Linear means: the second step of equal size costs what the first one does.',
  peer: 'a new process of node that reads the same file with JSON.parse',
  turns: 5,
  bars: [
    { title: 'CPU', kind: 'ratio', of: 'cpuMs', cases: ENDS, atMost: 12 },
    { title: 'second step over the first', kind: 'step', of: 'cpuMs', cases: OWN_ALL, atMost: 1.25 },
    { title: 'second step over the first', kind: 'step', of: 'cpuMs', cases: FOREIGN_ALL, atMost: 1.25 },
  ],
  async prepare({ tree, scratch, stack, node }) {
    const { copiesOfOwn, copiesOfState, resourcesOf, resourcesOfState } = await import('../harness/pure.mjs');
    const own = JSON.parse(readFileSync(await stack(), 'utf8'));
    const state = JSON.parse(gunzipSync(readFileSync(join(tree, CASE))).toString('utf8'));
    const [{ name: domain }] = Object.values(own.data.aws_route53_zone);
    const sized = (name, content, resources) => {
      const file = join(scratch, `${name.replaceAll(/\W+/g, '-')}.json`);
      writeFileSync(file, JSON.stringify(content));
      const review = () => node(['dist/dr/main.js', 'review', file], { exits: [0, 1] });
      return inTurn(name, {
        'dr review': async () => ({ ...(await review()), resources }),
        [PEER]: () => node(['-e', PARSE, file]),
      });
    };
    const ours = (count) => copiesOfOwn(own, domain, count);
    const others = (count) => copiesOfState(state, count);
    return [
      ...OWN.map((count) => sized(ownName(count), ours(count), resourcesOf(own) * count)),
      ...FOREIGN.map((count) => sized(foreignName(count), others(count), resourcesOfState(state) * count)),
    ];
  },
};
