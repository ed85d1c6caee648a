// What `dr drill --help` says below its options.
import type { ManualPage } from '../../terminal/manual';
import { DRILL_JSON, OTHER_DRILL_JSON } from './json-shape';

export const PAGE: ManualPage = {
  examples: [
    ['drill', 'lose the first region for five minutes'],
    ['drill --rto 170', 'the 30 s x 3, TTL 60 of many a runbook: 167 s at most'],
    ['drill --fault lambda-errors --region singapore', 'the functions of one region fail'],
    ['drill --load 10000', 'what AWS throttles when 10,000 requests a second of each region meet on one'],
    ['drill --stack cdk.tf.json --events events.jsonl', 'another synthesized stack; keeps the event log'],
    ['drill --stack plan.json --rto 60', "another team's: each public name, region and fault"],
    ['drill --stack eu.json us.json --fault app-errors', 'two files as one; all of the application fails'],
    ['drill --stack plan.json --system system.json', "another team's own code runs; RPO and lost updates"],
    ['drill --report report.html', 'one page: the player and the report; report.json holds its figures'],
    ['drill --faults matrix --report faults.html', 'every class of fault once, as a report'],
    ['drill --incident us-east-1-2021-12-07', 'a public incident; --incident list says what each is'],
    ['drill --compare before.jsonl', 'also prints what has changed since that run; a former report does as well'],
    ['drill --seeds 1000', 'random schedules on all cores, made smaller where they break something'],
    ['drill --fault gray --sweep', 'from which share of failing requests on anything fails over'],
    ['drill --never-heals --table-gb 200', 'the region is gone for good: what is lost, and the plan in another one'],
    ['drill --first-start', 'the first apply: it must page nobody'],
  ],
  exits: {
    0: 'objectives and invariants hold, and with --load the survivor throttles 1 % at most',
    1: "they do not: the report says why; of another team's stack: a name does not recover for all its clients, or not in time",
  },
  json: DRILL_JSON,
  otherJson: OTHER_DRILL_JSON,
};
