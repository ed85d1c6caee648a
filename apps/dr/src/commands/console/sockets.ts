// Opens every socket of a console: the page first, then each region's. What is open is closed again when one cannot be.
import type { LiveRun, RunningStack } from '@dr/drills';
import { frontBalancers, normalName, readNames } from '@dr/stack';
import { textOf, type Graph } from '@dr/terraform-json';
import { dnsAnswering, type Vantage } from './dns';
import type { Endpoints } from './endpoints';
import { MAX_CONTROL_BYTES } from './page-api';
import type { ConsoleWorld, HttpAnswer, Listening } from './ports';
import { dynamodbSocket, loadBalancerSocket, MAX_DYNAMODB_BYTES, MAX_ITEM_BYTES } from './region-sockets';

const ADDRESS = '127.0.0.1';
/** From the port of the page on; DNS has its own, as dig is told of it anyway. */
const [LOAD_BALANCERS, DYNAMODB, DNS] = [1, 11, 5_300] as const;

export interface Plan {
  readonly stack: RunningStack;
  readonly graph: Graph;
  readonly live: LiveRun;
  /** Of the page; 0: any free port, for everything. */
  readonly port: number;
  readonly apiKey: string | null;
  /** The page, told of where everything is. It is asked only after that. */
  readonly page: (endpoints: Endpoints) => HttpAnswer;
}

export interface Sockets {
  readonly endpoints: Endpoints;
  /** What is elsewhere than it was asked for. */
  readonly moved: readonly { readonly what: string; readonly from: number; readonly to: number }[];
  close(): Promise<void>;
}

/** Rejects with InputError when there is no port for one of them. */
export async function openSockets(world: ConsoleWorld, plan: Plan): Promise<Sockets> {
  const open: Listening[] = [];
  const moved: Sockets['moved'][number][] = [];
  const at = (offset: number): number => (plan.port === 0 ? 0 : offset);
  const opened = async (what: string, from: number, listen: (port: number) => Promise<Listening>): Promise<number> => {
    const listening = await listen(from);
    open.push(listening);
    if (from !== 0 && listening.port !== from) moved.push({ what, from, to: listening.port });
    return listening.port;
  };
  const close = async (): Promise<void> => void (await Promise.all(open.map((one) => one.close())));
  try {
    const ready: { page?: HttpAnswer } = {};
    const pagePort = await opened('the page', plan.port, (port) =>
      world.http(port, (asked) => ready.page?.(asked) ?? STARTING, { maxBodyBytes: MAX_CONTROL_BYTES }),
    );
    const regions = await openRegions(world, plan, (offset) => at(plan.port + offset), opened);
    const vantages = [];
    for (const [index, { name, awsRegion }] of plan.stack.world.regions.entries()) {
      const answer = dnsAnswering(vantageOf(plan, awsRegion, regions));
      const port = await opened(`DNS near ${name}`, at(DNS + index), (wanted) => world.dns(wanted, answer));
      vantages.push({ region: name, port });
    }
    const dns = { address: ADDRESS, port: vantages[0]?.port ?? 0, name: plan.stack.domain, vantages };
    const endpoints = { page: `http://${ADDRESS}:${pagePort}`, apiKey: plan.apiKey, dns, regions };
    ready.page = plan.page(endpoints);
    return { endpoints, moved, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const STARTING = { status: 503, headers: { 'retry-after': '1' }, body: 'The console is starting.\n' };

type Regions = Endpoints['regions'];
type Opened = (what: string, from: number, listen: (port: number) => Promise<Listening>) => Promise<number>;

async function openRegions(
  world: ConsoleWorld,
  { stack, graph, live }: Plan,
  portAt: (offset: number) => number,
  opened: Opened,
): Promise<Regions> {
  const { records } = readNames(graph);
  const names = [...new Set([stack.domain, ...records.map(({ name }) => name)])];
  const balancers = frontBalancers(readNames(graph));
  const table = stack.system.table?.(graph) ?? null;
  const regions: Regions[number][] = [];
  for (const [index, region] of stack.world.regions.entries()) {
    const { name, awsRegion } = region;
    const balancer = balancers.find((one) => one.awsRegion === awsRegion);
    const loadBalancer = balancer ? normalName(String(graph.attribute(balancer, 'dns_name'))) : '';
    const curl = await opened(`the load balancer of ${name}`, portAt(LOAD_BALANCERS + index), (port) =>
      world.http(port, loadBalancerSocket(stack, live, { region, loadBalancer, names }), {
        maxBodyBytes: MAX_ITEM_BYTES,
      }),
    );
    const dynamodb = await opened(`DynamoDB of ${name}`, portAt(DYNAMODB + index), (port) =>
      world.http(port, dynamodbSocket(stack, live, region), { maxBodyBytes: MAX_DYNAMODB_BYTES }),
    );
    regions.push({
      name,
      awsRegion,
      loadBalancer: `http://${ADDRESS}:${curl}`,
      answersAs: `127.0.1.${index + 1}`,
      dynamodb: `http://${ADDRESS}:${dynamodb}`,
      table,
    });
  }
  return regions;
}

/** What Route 53 of the twin tells a client near the region now. */
function vantageOf({ stack, graph }: Plan, awsRegion: string, regions: Regions): Vantage {
  const names = [...new Set(readNames(graph).records.map(({ name }) => name))];
  const declared = graph.resources
    .filter(({ type }) => type === 'aws_route53_zone')
    .flatMap(({ values }) => textOf(values, 'name') ?? [])
    .map(normalName);
  return {
    // A zone that is looked up by its id alone has no name here: the stack's own name is then all that is known.
    zones: declared.length > 0 ? declared : [stack.domain],
    names,
    resolve: (name) => {
      const answer = stack.internet.resolve(name, { group: 'clients', at: awsRegion });
      const region = regions.find((one) => one.awsRegion === answer?.awsRegion);
      if (!answer || !region) return undefined;
      const notes = [`region=${region.name}`, `load-balancer=${region.loadBalancer}`];
      return { address: region.answersAs, ttlSeconds: answer.ttlSeconds, notes };
    },
  };
}
