// Changes of what runs, and of who is told: compute turned off, fronts turned off, alarms and their actions removed.
import { knownOrAbsent, textMapOf, textOf, textsOf, flagOf, isGlobal, type Resource } from '@dr/terraform-json';
import { isRemoved, isReplaced, type StackChange } from '../changed';
import { found, isOff, settingOf, type ChangeContext, type ChangeRule } from './rule';

const AWS = 'https://docs.aws.amazon.com';
const ALARM = /^aws_cloudwatch_(metric|composite)_alarm$/;
const RUNNING = ['desired_count', 'desired_capacity', 'max_size', 'reserved_concurrent_executions'];

/** What an alarm watches; two with the same say the same. */
const watched = ({ values, awsRegion }: Resource): string =>
  JSON.stringify([
    awsRegion,
    ...['namespace', 'metric_name', 'alarm_rule'].map((key) => textOf(values, key) ?? ''),
    ...Object.entries(textMapOf(values, 'dimensions')).sort(),
  ]);

const tells = ({ values }: Resource): boolean =>
  flagOf(values, 'actions_enabled') !== false && textsOf(values, 'alarm_actions').length > 0;

/** Another one that is left watches the same and tells somebody. */
function isReplacedByAnother({ was }: StackChange, { stack: { graph } }: ChangeContext): boolean {
  const own = was && knownOrAbsent(() => watched(was.resource));
  return graph.resources.some(
    (one) => ALARM.test(one.type) && knownOrAbsent(() => tells(one) && watched(one) === own) === true,
  );
}

/** Nothing else of its region is left: it leaves with it. */
function isOfALeavingRegion({ was }: StackChange, { stack: { graph } }: ChangeContext): boolean {
  const region = was && knownOrAbsent(() => was.resource.awsRegion);
  return !graph.resources.some((one) => !isGlobal(one.type) && knownOrAbsent(() => one.awsRegion) === region);
}

const toldBefore = ({ was }: StackChange): boolean =>
  was !== undefined && knownOrAbsent(() => tells(was.resource)) === true;

/** Its topic stays, and has no other subscription. */
function leavesNobody({ was }: StackChange, { stack: { graph }, base }: ChangeContext): boolean {
  const topicOf = ({ values }: Resource): string | undefined => knownOrAbsent(() => textOf(values, 'topic_arn'));
  const topic = was && topicOf(was.resource);
  const isKept = base.graph
    .ofType('aws_sns_topic')
    .some(
      (one) => knownOrAbsent(() => base.graph.attribute(one, 'arn')) === topic && graph.get(one.address) !== undefined,
    );
  return isKept && !graph.ofType('aws_sns_topic_subscription').some((one) => topicOf(one) === topic);
}

export const SEEN_CHANGE_RULES: readonly ChangeRule[] = [
  {
    id: 'change-removes-an-alarm',
    severity: 'warns',
    fix: 'Keep an alarm on what it watched',
    source: `${AWS}/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html`,
    atFailover: 'nobody is told',
    find: (change, context) =>
      found(
        ALARM.test(change.type) &&
          isRemoved(change) &&
          toldBefore(change) &&
          !isReplacedByAnother(change, context) &&
          !isOfALeavingRegion(change, context),
        'is removed, and no other alarm watches the same',
      ),
  },
  {
    id: 'change-silences-an-alarm',
    severity: 'warns',
    fix: 'Keep an action in alarm_actions, and actions_enabled',
    source: `${AWS}/AmazonCloudWatch/latest/APIReference/API_DisableAlarmActions.html`,
    atFailover: 'it goes off, and nobody is told',
    find: (change, context) => {
      const actions = settingOf(change, 'alarm_actions');
      const isSilent = isOff(change, 'actions_enabled') || (actions !== undefined && actions.is === '');
      return found(
        ALARM.test(change.type) && isSilent && toldBefore(change) && !isReplacedByAnother(change, context),
        'no longer tells anybody',
      );
    },
  },
  {
    id: 'change-removes-the-last-subscription',
    severity: 'warns',
    fix: 'Subscribe somebody else first',
    source: `${AWS}/sns/latest/api/API_DeleteTopic.html`,
    atFailover: 'alarms go to a topic that nobody hears',
    find: (change, context) =>
      found(
        change.type === 'aws_sns_topic_subscription' && isRemoved(change) && leavesNobody(change, context),
        'is removed, and its topic has no other subscription here',
      ),
  },
  {
    id: 'change-turns-a-front-off',
    severity: 'blocks',
    fix: 'Leave enabled as it is until nobody asks for it',
    source: `${AWS}/global-accelerator/latest/dg/about-accelerators.html`,
    atFailover: 'no client is answered through it, with all regions there or not',
    find: (change) =>
      found(
        /^aws_(globalaccelerator_accelerator|cloudfront_distribution)$/.test(change.type) && isOff(change, 'enabled'),
        'is disabled: it takes no requests any more',
      ),
  },
  {
    id: 'change-loses-static-addresses',
    severity: 'warns',
    fix: 'Keep the accelerator: deleted, its static addresses are lost',
    source: `${AWS}/global-accelerator/latest/dg/about-accelerators.deleting.html`,
    atFailover: 'clients that hold its addresses are not answered',
    find: (change) =>
      found(
        change.type === 'aws_globalaccelerator_accelerator' && (isRemoved(change) || isReplaced(change)),
        `is ${isReplaced(change) ? 'replaced' : 'removed'}: its static addresses are lost`,
      ),
  },
  {
    id: 'change-replaces-a-load-balancer',
    severity: 'warns',
    fix: 'Make the new one beside it, lead the names to it, and delete the old one a TTL later',
    source: `${AWS}/elasticloadbalancing/latest/application/load-balancer-delete.html`,
    atFailover: 'its region takes no requests from the deletion until the targets of the new one are healthy',
    find: (change, { base: { names } }) => {
      if (!/^aws_(lb|elb)$/.test(change.type) || !isReplaced(change) || change.actions[0] !== 'delete') return [];
      const isLedTo = names.publicNames.some(({ ways }) =>
        ways.some((way) => way.endpoint.resource === change.was?.resource),
      );
      return found(isLedTo, 'is deleted before the new one is there, and clients are led to it');
    },
  },
  {
    id: 'change-stops-compute',
    severity: 'warns',
    fix: 'Keep enough of it running to serve alone when another region is lost',
    source: `${AWS}/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html`,
    atFailover: 'its region answers nothing until somebody starts it',
    find: (change) =>
      RUNNING.flatMap((key) => {
        const setting = settingOf(change, key);
        return found(
          setting !== undefined && setting.is === 0,
          `runs nothing any more: ${key} ${String(setting?.was ?? 'none')} -> 0`,
        );
      }),
  },
];
