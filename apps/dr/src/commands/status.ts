// `dr status`: which regions of the applied system answer, beat and serve, and what AWS says of them.
import type { Command } from 'commander';
import type { Context, Run } from '../context';
import { manual, type ManualPage } from '../terminal/manual';
import { Refused } from '../operate/operator';
import { warnOf } from '../operate/records';
import { readAwsParts, type AwsParts } from '../operate/status/aws';
import { STATUS_JSON } from '../operate/status/json-shape';
import { readControlStatus, type ControlStatus } from '../operate/status/control';
import { renderAws, renderControl } from '../operate/status/render';

const PAGE: ManualPage = {
  examples: [
    ['status', 'control records, and what AWS says of each region'],
    ['status --quick', "control records alone: DynamoDB's data plane is enough"],
    ['status --json', 'the same as data'],
  ],
  exits: { 0: 'a region serves', 1: 'no region serves, or none answers' },
  json: STATUS_JSON,
};

interface Flags {
  readonly quick?: true;
  readonly json?: true;
}

export function statusCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .option('--quick', "read control records only, from DynamoDB's data plane")
    .option('--json', 'print one JSON object')
    .action(({ quick, json }: Flags) =>
      run(async (context) => {
        const [{ regions, silent, bad }, parts] = await Promise.all([
          readControlStatus(context),
          quick ? undefined : awsParts(context),
        ]);
        context.out(
          json
            ? `${JSON.stringify({ schema: 1, ...merged(regions, parts) })}\n`
            : renderControl(regions) + (parts ? renderAws(context.config(), parts) : ''),
        );
        warnOf(context, bad);
        if (silent.length === regions.length) throw new Refused(`No region answers: ${silent.join('; ')}.`);
        return regions.some(({ serves }) => serves) ? 0 : 1;
      }),
    );
}

const awsParts = async (context: Context): Promise<AwsParts> =>
  readAwsParts(context.config(), {
    reader: context.account,
    askHealth: context.askHealth,
    nowMs: context.operator.now(),
  });

const merged = (regions: readonly ControlStatus[], parts: AwsParts | undefined) =>
  parts ? { regions: regions.map((one, at) => ({ ...one, ...parts.regions[at] })), global: parts.global } : { regions };
