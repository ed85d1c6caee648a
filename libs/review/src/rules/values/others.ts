// Load balancers and functions that AWS does not take.
import type { Finding } from '@dr/stack';
import { blocksOf, textOf, type Resource } from '@dr/terraform-json';
import { inEach } from '../each';
import { blocksAt, numbersOutside, otherTexts, takenRule } from './taken';

export const loadBalancerValues = takenRule({
  kind: 'load-balancer',
  type: 'aws_lb',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html',
  statement: 'A load balancer is of a type that AWS has, and keeps connections for as long as AWS takes.',
  judge: [
    ({ address, values }) =>
      otherTexts(address, values, {
        load_balancer_type: ['application', 'gateway', 'network'],
        ip_address_type: ['ipv4', 'dualstack', 'dualstack-without-public-ipv4'],
      }),
    connections,
  ],
});

/** Others have neither setting; a state shows 0. */
function* connections({ address, values }: Resource): Iterable<Finding> {
  if ((textOf(values, 'load_balancer_type') ?? 'application') === 'application')
    yield* numbersOutside(address, values, { idle_timeout: [1, 4_000], client_keep_alive: [60, 604_800] });
}

const MEMORY_MB = { least: 128, most: 10_240, mostOfManagedInstances: 32_768 } as const;

function* memory({ address, values }: Resource): Iterable<Finding> {
  const { least, most, mostOfManagedInstances } = MEMORY_MB;
  const isManaged = blocksOf(values, 'capacity_provider_config').length > 0;
  yield* numbersOutside(address, values, { memory_size: [least, isManaged ? mostOfManagedInstances : most] });
}

export const functionValues = takenRule({
  kind: 'function',
  type: 'aws_lambda_function',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
  statement: 'A function runs for 900 s at most, in 128 to 10,240 MB (32,768 on managed instances).',
  judge: [
    ({ address, values }) =>
      otherTexts(address, values, { package_type: ['Zip', 'Image'], architectures: ['x86_64', 'arm64'] }),
    ({ address, values }) => numbersOutside(address, values, { timeout: [1, 900] }),
    memory,
    ({ address, values }) =>
      inEach(blocksAt(values, 'logging_config'), ([at, block]) =>
        otherTexts(address, block, { log_format: ['JSON', 'Text'] }, at),
      ),
    ({ address, values }) =>
      inEach(blocksAt(values, 'tracing_config'), ([at, block]) =>
        otherTexts(address, block, { mode: ['Active', 'PassThrough'] }, at),
      ),
  ],
});
