// Services that more than one reader asks.
import { service } from './ask';

export const elb = service(
  () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  (sdk, options) => new sdk.ElasticLoadBalancingV2Client(options),
);
export const sns = service(
  () => import('@aws-sdk/client-sns'),
  (sdk, options) => new sdk.SNSClient(options),
);
