// Functions, containers and instances.
import {
  blockOf,
  flagOf,
  knownOrAbsent,
  numberOf,
  textOf,
  textsOf,
  type Resource,
  type Values,
} from '@dr/terraform-json';
import { HOURS, instances, MILLION, standing, unpriced, used, type Bill, type Billing, type Charge } from '../charge';
import { once } from '../once';
import { frontDoors, list, requestsAtEach } from './load';

const DEFAULT_MEMORY_MB = 128;
const CALLERS = /^(elasticloadbalancing|apigateway)\.amazonaws\.com$/;

/** Functions that a front door may call: those that have a permission for one. */
const answering = once(({ ofTypes }: Billing): ReadonlySet<string> => {
  const called = new Set(
    ofTypes('aws_lambda_permission')
      .filter(({ values }) => CALLERS.test(String(values['principal'])))
      .flatMap(({ references }) => references['function_name'] ?? []),
  );
  return new Set(ofTypes('aws_lambda_function').flatMap(({ address }) => (called.has(address) ? [address] : [])));
});

/** [A] Requests are shared evenly by the functions that front doors call; what else calls functions is not counted. */
export function invocationsOf(fn: Resource, billing: Billing): number {
  const all = answering(billing);
  const doors = Math.max(1, frontDoors(billing).length);
  return all.has(fn.address) ? (requestsAtEach(billing) * doors) / all.size : 0;
}

export const memoryMb = ({ values }: Resource): number => numberOf(values, 'memory_size') ?? DEFAULT_MEMORY_MB;

export const isArm = ({ values }: Resource): boolean => textsOf(values, 'architectures').includes('arm64');

const lambda: Bill = (resource, billing) => {
  const invocations = invocationsOf(resource, billing);
  const seconds = invocations * billing.usage.requestSeconds * (memoryMb(resource) / 1024);
  return [
    used('Lambda', resource, 'Invocations', 'lambda-requests', invocations / MILLION),
    used(
      'Lambda',
      resource,
      'Work of functions',
      isArm(resource) ? 'lambda-gb-second-arm64' : 'lambda-gb-second-x86',
      seconds,
    ),
  ];
};

const provisioned: Bill = (resource, { ofTypes }) => {
  const called = resource.references['function_name'] ?? [];
  const fn = ofTypes('aws_lambda_function').find(({ address }) => called.includes(address));
  const count = numberOf(resource.values, 'provisioned_concurrent_executions') ?? 1;
  if (!fn || isArm(fn)) return [unpriced('Lambda', resource, 'Provisioned concurrency')];
  const gbSeconds = count * (memoryMb(fn) / 1024) * HOURS * 3600;
  return [standing('Lambda', resource, 'Provisioned concurrency', 'lambda-provisioned-gb-second', gbSeconds)];
};

/** `512` and `.5 vCPU`, `1024` and `1 GB` are two ways to write one. */
function sized(text: string, perUnit: number): number {
  const number = Number.parseFloat(text);
  return /[a-z]/i.test(text) ? number : number / perUnit;
}

const service: Bill = (resource, billing) => {
  const { values } = resource;
  const providers = list(values['capacity_provider_strategy']).map((one) =>
    String((one as Values)['capacity_provider']),
  );
  if (values['launch_type'] !== 'FARGATE' && !providers.includes('FARGATE')) {
    return providers.includes('FARGATE_SPOT') ? [unpriced('Other', resource, 'Fargate Spot')] : [];
  }
  const task = taskOf(resource, billing);
  const platform = task && blockOf(task.values, 'runtime_platform');
  const family = textOf(platform ?? {}, 'operating_system_family') ?? 'LINUX';
  if (!task || family !== 'LINUX') return [unpriced('Other', resource, 'Fargate tasks')];
  const arm = textOf(platform ?? {}, 'cpu_architecture') === 'ARM64' ? 'arm-' : '';
  const hours = (numberOf(values, 'desired_count') ?? 1) * HOURS;
  const isPublic = flagOf(blockOf(values, 'network_configuration') ?? {}, 'assign_public_ip') === true;
  const vcpus = sized(textOf(task.values, 'cpu') ?? '0', 1024);
  const gb = sized(textOf(task.values, 'memory') ?? '0', 1024);
  return [
    standing('Other', resource, 'Fargate vCPUs', `fargate-${arm}vcpu-hour` as 'fargate-vcpu-hour', vcpus * hours),
    standing('Other', resource, 'Fargate memory', `fargate-${arm}gb-hour` as 'fargate-gb-hour', gb * hours),
    ...(isPublic ? [standing('Other', resource, 'Public IPv4 addresses of tasks', 'public-ipv4-hour', hours)] : []),
  ];
};

/** By the reference of a configuration, or by the ARN or family that a state has. */
function taskOf(resource: Resource, { graph, ofTypes }: Billing): Resource | undefined {
  const named = resource.references['task_definition'] ?? [];
  const tasks = ofTypes('aws_ecs_task_definition');
  const [first] = named;
  const referred = first === undefined ? undefined : graph.get(first);
  if (referred?.type === 'aws_ecs_task_definition') return referred;
  const value = textOf(resource.values, 'task_definition');
  return (
    graph.find('aws_ecs_task_definition', 'arn', value) ??
    tasks.find(({ values }) => value?.replace(/^.*\//, '').replace(/:\d+$/, '') === values['family'])
  );
}

const instance: Bill = (resource) => {
  const type = textOf(resource.values, 'instance_type');
  if (type === undefined) return [unpriced('Other', resource, 'EC2 instances')];
  const isPublic = knownOrAbsent(() => flagOf(resource.values, 'associate_public_ip_address')) === true;
  return [
    instances(resource, type, 1),
    ...(isPublic ? [standing('Other', resource, 'Public IPv4 addresses of instances', 'public-ipv4-hour', HOURS)] : []),
  ];
};

/** [A] As many instances as are wanted, or the least where that is not said; what the group adds under load is not counted. */
const group: Bill = (resource, billing) => {
  const { values } = resource;
  const template = templateOf(resource, billing);
  const type = template && textOf(template.values, 'instance_type');
  if (type === undefined || list(values['mixed_instances_policy']).length > 0)
    return [unpriced('Other', resource, 'Instances of auto scaling groups')];
  const count = numberOf(values, 'desired_capacity') ?? numberOf(values, 'min_size') ?? 1;
  return [instances(resource, type, count)];
};

function templateOf(resource: Resource, { graph }: Billing): Resource | undefined {
  const named = ['launch_template', 'launch_configuration'].flatMap((key) => resource.references[key] ?? []);
  const referred = named
    .flatMap((address) => graph.get(address) ?? [])
    .find(({ type }) => type.startsWith('aws_launch_'));
  if (referred) return referred;
  const block = blockOf(resource.values, 'launch_template');
  return block && graph.find('aws_launch_template', 'id', textOf(block, 'id'));
}

export const COMPUTE_BILLS: Readonly<Record<string, Bill>> = {
  aws_lambda_function: lambda,
  aws_lambda_provisioned_concurrency_config: provisioned,
  aws_ecs_service: service,
  aws_instance: instance,
  aws_autoscaling_group: group,
};

/** What runs whether it is used or not, for the tip that is about it. */
export const isInstances = ({ item }: Charge): boolean => item === 'none';
