// What is counted of the synthesized stack.
import { readStack } from '@dr/terraform-json';
import { join } from 'node:path';
import { needsOf } from './needs';

test('of the default stack, region by region', () => {
  const needs = needsOf(readStack(join(__dirname, '..', '..', '..', '..', '..', 'golden', 'cdk.tf.json')));
  expect(needs.regions.map(({ awsRegion }) => awsRegion)).toEqual(['ap-south-1', 'ap-southeast-1', 'us-east-1']);
  expect(needs.regions[0]).toMatchObject({
    vpcs: 1,
    addresses: 0,
    loadBalancers: 1,
    loadBalancerNames: ['mumbai-dr-alb'],
    runtimes: ['nodejs22.x'],
    topics: 1,
    hasTable: true,
  });
  expect(needs.regions[0]?.functionNames).toContain('dr-traffic-router');
  expect(needs.regions[2]).toMatchObject({ vpcs: 0, loadBalancers: 0, functionNames: [], topics: 1, hasTable: false });
  expect(needs.healthCheckHosts).toEqual(['mumbai.app.example.com', 'singapore.app.example.com']);
  expect(needs.serviceRoles.map(({ name }) => name)).toEqual([
    'AWSServiceRoleForElasticLoadBalancing',
    'AWSServiceRoleForDynamoDBReplication',
  ]);
});
