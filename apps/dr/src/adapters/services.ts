// The services of AWS that more than one adapter asks.
import { service } from './sdk';

export const lambda = service(
  () => import('@aws-sdk/client-lambda'),
  (sdk, options) => new sdk.LambdaClient(options),
);
export const ec2 = service(
  () => import('@aws-sdk/client-ec2'),
  (sdk, options) => new sdk.EC2Client(options),
);
export const elb = service(
  () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  (sdk, options) => new sdk.ElasticLoadBalancingV2Client(options),
);
export const sns = service(
  () => import('@aws-sdk/client-sns'),
  (sdk, options) => new sdk.SNSClient(options),
);
