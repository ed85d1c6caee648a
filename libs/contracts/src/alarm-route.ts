// How an alarm of one region reaches a function of another: by SNS where SNS delivers, else over EventBridge.
import { findAwsRegion } from './regions';

export type AlarmRoute =
  /** A subscription of the alarm's topic; `principal` is who invokes the function. */
  | { readonly way: 'sns'; readonly principal: string }
  /** The alarm's state-change event, from the bus of its region to one of the function's. `because`: AWS's own sentence. */
  | { readonly way: 'eventbridge'; readonly because: string };

const SNS = 'sns.amazonaws.com';

/** SNS developer guide, "Prerequisites for integrating Amazon SNS with Lambda functions across regions". */
const NOT_FROM_DEFAULT =
  "AWS doesn't support cross-region delivery to Lambda from a region that is enabled by default to an opt-in region";
const NOT_FROM_OPT_IN =
  'cross-region forwarding of SNS messages from opt-in regions to other opt-in regions is not supported';

/** From a topic of one region to a function in another. EventBridge reaches every region (AWS, "Expanding cross-Region event routing"). */
export function alarmRoute(fromAwsRegion: string, toAwsRegion: string): AlarmRoute {
  if (fromAwsRegion === toAwsRegion) return { way: 'sns', principal: SNS };
  const isFromOptIn = isOptIn(fromAwsRegion);
  if (isOptIn(toAwsRegion)) return { way: 'eventbridge', because: isFromOptIn ? NOT_FROM_OPT_IN : NOT_FROM_DEFAULT };
  return { way: 'sns', principal: isFromOptIn ? `sns.${fromAwsRegion}.amazonaws.com` : SNS };
}

const isOptIn = (awsRegion: string): boolean => findAwsRegion(awsRegion)?.optIn ?? false;
