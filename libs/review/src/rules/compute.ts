// What runs behind the front ends: is it there in the region that takes over, is it enough, and does it need the lost one?
import { finding, parseArn, type Finding } from '@dr/stack';
import {
  blockOf,
  blocksOf,
  knownOrAbsent,
  numberOf,
  textMapOf,
  textOf,
  textsOf,
  type Graph,
  type Resource,
  type Values,
} from '@dr/terraform-json';
import { inEach, managed, ofEach, regionOf } from './each';
import { CONCURRENCY, REPLICATED_SECRETS, STANDBY } from './pages';
import type { Rule } from './rule';

const TABLES_ARE_LOCAL =
  'https://docs.aws.amazon.com/prescriptive-guidance/latest/dynamodb-global-tables/overview.html';
const FUNCTION = 'aws_lambda_function';

export const COMPUTE_RULES: readonly Rule[] = [
  {
    id: 'regions-run-alike',
    of: 'advice',
    severity: 'note',
    source: STANDBY,
    statement: 'What serves in several regions under one name runs in the same number in each.',
    atFailover: 'The smaller region has to grow before it carries the load of both',
    judge: ({ graph }) =>
      inEach(
        twinsOf(fleetsOf(graph), ({ name }) => name),
        function* (twins) {
          const [most] = [...twins].sort((a, b) => (b.running ?? 0) - (a.running ?? 0));
          for (const { address, running } of twins) {
            if (!most || running === undefined || running === 0 || running === most.running) continue;
            yield finding(
              address,
              `runs ${running}, and ${most.address} runs ${most.running}`,
              `Run ${most.running}, or say that it may grow first`,
            );
          }
        },
      ),
  },
  {
    id: 'survivor-can-grow',
    of: 'advice',
    severity: 'note',
    source: STANDBY,
    statement: 'A group of machines may grow beyond what it runs.',
    atFailover: 'The region that is left cannot take the load of the other',
    judge: ofEach(['aws_autoscaling_group'], function* ({ address, values }) {
      const [least, most] = [numberOf(values, 'min_size'), numberOf(values, 'max_size')];
      if (
        least === undefined ||
        most === undefined ||
        most > least ||
        textsOf(values, 'target_group_arns').length === 0
      )
        return;
      yield finding(
        address,
        `has ${most} machines at least and at most`,
        'Raise max_size to what one region needs alone',
      );
    }),
  },
  {
    id: 'machines-are-replaced-when-they-fail',
    of: 'advice',
    severity: 'note',
    source: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/healthcheck.html',
    statement: 'A group of machines behind a load balancer uses its health checks.',
    atFailover: 'A machine whose application is dead is kept',
    judge: ofEach(['aws_autoscaling_group'], function* ({ address, values }) {
      if (textsOf(values, 'target_group_arns').length === 0 || textOf(values, 'health_check_type') === 'ELB') return;
      yield finding(address, 'replaces machines by the status of EC2 alone', 'Set health_check_type to ELB');
    }),
  },
  {
    id: 'function-may-run',
    of: 'advice',
    source: CONCURRENCY,
    statement: 'No function reserves a concurrency of 0: AWS refuses every call of it.',
    atFailover: 'Each request is refused',
    judge: ofEach([FUNCTION], function* ({ address, values }) {
      if (numberOf(values, 'reserved_concurrent_executions') !== 0) return;
      yield finding(address, 'reserves a concurrency of 0', 'Reserve what one region needs, or nothing');
    }),
  },
  {
    id: 'twins-reserve-alike',
    of: 'advice',
    source: CONCURRENCY,
    statement: 'A function of several regions may run as often at once in each.',
    atFailover: 'Requests beyond the smaller number are throttled',
    judge: ({ graph }) =>
      inEach(functionTwins(graph), function* (twins) {
        const given = twins.map((one) => ({ one, limit: limitOf(one) }));
        const most = Math.max(...given.map(({ limit }) => limit));
        for (const { one, limit } of given)
          if (limit < most)
            yield finding(
              one.address,
              `may run ${limit} times at once, and its twin ${most === Infinity ? 'as often as the account may' : most}`,
              'Reserve the same in each region',
            );
      }),
  },
  {
    id: 'twins-are-provisioned-alike',
    of: 'advice',
    source: CONCURRENCY,
    statement: 'A function that is provisioned in one region is provisioned in the others.',
    atFailover: 'The first requests wait for environments to start',
    judge: ({ graph }) =>
      inEach(functionTwins(graph), function* (twins) {
        const warm = twins.filter((one) => isProvisioned(graph, one));
        if (warm.length === 0) return;
        for (const { address } of twins.filter((one) => !warm.includes(one)))
          yield finding(
            address,
            `has no provisioned concurrency, as ${warm[0]?.address} has`,
            'Provision it in each region',
          );
      }),
  },
  {
    id: 'code-is-in-its-region',
    of: 'advice',
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html',
    statement: 'The code of a function is in a bucket of its own region.',
    atFailover: 'The apply fails, so there is no such function',
    judge: ofEach([FUNCTION], function* ({ address, values, awsRegion }, { graph }) {
      const name = textOf(values, 's3_bucket');
      const bucket = managed(graph, 'aws_s3_bucket').find(
        (one) => name !== undefined && knownOrAbsent(() => graph.attribute(one, 'id')) === name,
      );
      const region = bucket && regionOf(bucket);
      if (!bucket || region === undefined || region === awsRegion) return;
      yield finding(
        address,
        `is in ${awsRegion}, and its code in ${bucket.address} of ${region}`,
        `Use a bucket of ${awsRegion}`,
      );
    }),
  },
  {
    id: 'image-is-in-its-region',
    of: 'advice',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html',
    statement: 'Images are pulled from the registry of the region in which they run.',
    atFailover: 'With the region of the registry lost, nothing new starts',
    judge: ofEach(['aws_ecs_task_definition', FUNCTION], function* ({ address, values, awsRegion }) {
      const texts = [textOf(values, 'container_definitions'), textOf(values, 'image_uri')].join(' ');
      const regions = new Set(
        [...texts.matchAll(/\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/g)].map(([, region]) => region),
      );
      for (const region of [...regions].filter((one) => one !== awsRegion))
        yield finding(
          address,
          `runs in ${awsRegion} and pulls its image from ${region}`,
          `Replicate the image to ${awsRegion}, and pull it there`,
        );
    }),
  },
  {
    id: 'tables-are-asked-in-their-region',
    of: 'advice',
    source: TABLES_ARE_LOCAL,
    statement: 'Code asks the table of its own region.',
    atFailover: 'It fails with the other region',
    judge: ofEach([FUNCTION, 'aws_ecs_task_definition'], (resource) => foreignArns(resource, 'dynamodb', 'the table')),
  },
  {
    id: 'secrets-are-read-in-their-region',
    of: 'advice',
    source: REPLICATED_SECRETS,
    statement: 'Code reads the secrets of its own region.',
    atFailover: 'It fails with the other region',
    judge: ofEach([FUNCTION, 'aws_ecs_task_definition'], (resource) =>
      foreignArns(resource, 'secretsmanager', 'the secret'),
    ),
  },
];

interface Fleet {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly awsRegion: string;
  /** undefined: not said. */
  readonly running: number | undefined;
}

/** Containers and groups of machines behind load balancers. */
function fleetsOf(graph: Graph): readonly Fleet[] {
  const fleet = (resource: Resource, running: number | undefined): Fleet => {
    const { address, type, values, awsRegion } = resource;
    return {
      address,
      type,
      awsRegion,
      running,
      name: (textOf(values, 'name') ?? '').replaceAll(awsRegion, ''),
    };
  };
  const services = managed(graph, 'aws_ecs_service').flatMap((one) => {
    const isServing = blocksOf(one.values, 'load_balancer').length > 0;
    return isServing ? [knownOrAbsent(() => fleet(one, numberOf(one.values, 'desired_count'))) ?? []].flat() : [];
  });
  const groups = managed(graph, 'aws_autoscaling_group').flatMap((one) => {
    const of = (): Fleet[] => {
      const running = numberOf(one.values, 'desired_capacity') ?? numberOf(one.values, 'min_size');
      return textsOf(one.values, 'target_group_arns').length > 0 ? [fleet(one, running)] : [];
    };
    return knownOrAbsent(of) ?? [];
  });
  return [...services, ...groups];
}

/** Things of one name in several regions. */
function twinsOf<T extends { readonly awsRegion: string }>(things: readonly T[], nameOf: (thing: T) => string): T[][] {
  const byName = new Map<string, T[]>();
  for (const one of things) byName.set(nameOf(one), [...(byName.get(nameOf(one)) ?? []), one]);
  return [...byName.values()].filter((own) => new Set(own.map(({ awsRegion }) => awsRegion)).size > 1);
}

const functionTwins = (graph: Graph): Resource[][] => {
  const named = managed(graph, FUNCTION).filter(
    (one) => knownOrAbsent(() => [textOf(one.values, 'function_name'), one.awsRegion]) !== undefined,
  );
  return twinsOf(named, ({ values, awsRegion }) => (textOf(values, 'function_name') ?? '').replaceAll(awsRegion, ''));
};

/** A state shows -1 where nothing is reserved. */
function limitOf({ values }: Resource): number {
  const reserved = numberOf(values, 'reserved_concurrent_executions') ?? -1;
  return reserved < 0 ? Infinity : reserved;
}

const isProvisioned = (graph: Graph, fn: Resource): boolean =>
  managed(graph, 'aws_lambda_provisioned_concurrency_config').some(
    (one) =>
      regionOf(one) === fn.awsRegion &&
      (textOf(one.values, 'function_name') ?? '').includes(textOf(fn.values, 'function_name') ?? ''),
  );

/** Of what the code is told: its environment, and what containers are given. */
function* foreignArns(resource: Resource, service: string, what: string): Iterable<Finding> {
  const { address, values, awsRegion } = resource;
  const told = [
    ...Object.values(textMapOf(blockOf(values, 'environment') ?? NONE, 'variables')),
    textOf(values, 'container_definitions') ?? '',
  ];
  const arns = new Set(told.flatMap((text) => text.match(/arn:aws[\w-]*:[\w-]+:[\w-]+:\d*:[\w:/.-]+/g) ?? []));
  for (const arn of arns) {
    const { service: of, awsRegion: region } = parseArn(arn) ?? {};
    if (of !== service || region === undefined || region === awsRegion) continue;
    yield finding(
      address,
      `runs in ${awsRegion} and is told of ${what} of ${region} (${arn})`,
      `Tell it of the one of ${awsRegion}`,
    );
  }
}

const NONE: Values = {};
