// Availability zones as stacks name them.
import { parseStack, type Graph } from '@dr/terraform-json';
import { nodeZonesOf, zonesIn } from './zones';

const stackWith = (balancer: object, subnet: object = {}): Graph =>
  parseStack(
    {
      provider: { aws: { region: 'eu-west-1' } },
      variable: { later: {} },
      resource: {
        aws_subnet: {
          one: { availability_zone: 'eu-west-1a', ...subnet },
          two: { availability_zone: 'eu-west-1b' },
        },
        aws_lb: { lb: { name: 'lb', ...balancer } },
      },
    },
    '/stack',
  );
const [ONE, TWO] = ['${aws_subnet.one.id}', '${aws_subnet.two.id}'];
const nodesOf = (graph: Graph): readonly string[] => graph.ofType('aws_lb').flatMap((one) => nodeZonesOf(graph, one));

test.each<[string, object]>([
  ['as a list', { subnets: [ONE, TWO] }],
  ['as blocks', { subnet_mapping: [{ subnet_id: ONE }, { subnet_id: TWO }] }],
  ['as a state shows them, in both', { subnets: [ONE, TWO], subnet_mapping: [{ subnet_id: TWO }, { subnet_id: ONE }] }],
])('a load balancer has a node in each of its subnets, %s', (_, balancer) => {
  const graph = stackWith(balancer);
  expect(nodesOf(graph)).toEqual(['eu-west-1a', 'eu-west-1b']);
  expect(zonesIn(graph, 'eu-west-1')).toEqual(['eu-west-1a', 'eu-west-1b']);
});

test('a subnet whose zone is unknown is a zone of its own', () => {
  const nodes = nodesOf(stackWith({ subnets: [ONE, TWO] }, { availability_zone: '${var.later}' }));
  expect([nodes.length, nodes[1]]).toEqual([2, 'eu-west-1b']);
});

test("where no subnet is known a region has three zones, none of which is a load balancer's", () => {
  const graph = stackWith({ subnets: '${var.later}' });
  expect([nodesOf(graph), zonesIn(graph, 'eu-west-1')]).toEqual([[], ['a', 'b', 'c']]);
});
