// Changes of zones, health checks and routing.
import { blocksOf } from '@dr/terraform-json';
import { isRemoved, isReplaced, type StackChange } from '../changed';
import { found, isOff, settingOf, type ChangeContext, type ChangeRule } from './rule';

const ROUTE53 = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';

/** Does a record that stays, or stayed, follow it? */
function isFollowed({ address }: StackChange, { base }: ChangeContext): boolean {
  const id = [...base.checks].find(([, check]) => check.address === address)?.[0];
  return id !== undefined && base.names.records.some(({ healthCheckId }) => healthCheckId === id);
}

export const DNS_CHANGE_RULES: readonly ChangeRule[] = [
  {
    id: 'change-removes-a-zone',
    severity: 'blocks',
    fix: 'Keep the zone: a deleted one cannot be had back, and a new one has other name servers',
    source: `${ROUTE53}/DeleteHostedZone.html`,
    atFailover: 'none of its names is answered until the delegation is changed, which may take 48 hours',
    find: (change, { base: { graph, names } }) => {
      if (change.type !== 'aws_route53_zone' || !change.was || !(isRemoved(change) || isReplaced(change))) return [];
      const { resource } = change.was;
      const id = graph.attribute(resource, 'zone_id');
      const isAsked = names.records.some(({ zoneId }) => zoneId === id);
      const isPublic = blocksOf(resource.values, 'vpc').length === 0;
      return found(
        isAsked && isPublic,
        `is ${isReplaced(change) ? 'replaced' : 'removed'}, and clients ask names in it`,
      );
    },
  },
  {
    id: 'change-detaches-a-health-check',
    severity: 'warns',
    fix: 'Keep its health_check_id',
    source: `${ROUTE53}/health-checks-how-route-53-chooses-records.html`,
    atFailover: 'Route 53 goes on answering it whatever its endpoint does',
    saidBy: ['record-without-health-check', 'target-health-does-not-notice', 'location-is-pinned'],
    find: (change) => {
      const setting = settingOf(change, 'health_check_id');
      return found(
        setting !== undefined && setting.was !== undefined && setting.is === undefined && !isOpen(setting.sentence),
        'no longer has a health check',
      );
    },
  },
  {
    id: 'change-replaces-a-health-check',
    severity: 'warns',
    fix: 'Set create_before_destroy, so that its records follow the new one before the old one goes',
    source: `${ROUTE53}/health-checks-updating-deleting-tasks.html`,
    atFailover: 'a region that is lost during the apply is answered: Route 53 takes a deleted health check for healthy',
    find: (change, context) =>
      found(
        change.type === 'aws_route53_health_check' &&
          isReplaced(change) &&
          change.actions[0] === 'delete' &&
          isFollowed(change, context),
        'is deleted before the new one is there, and records follow it',
      ),
  },
  {
    id: 'change-disables-a-health-check',
    severity: 'warns',
    fix: 'Leave disabled and invert_healthcheck as they are',
    source: `${ROUTE53}/health-checks-creating-values.html`,
    atFailover: 'its records stay healthy whatever their endpoint does',
    saidBy: ['health-check-is-disabled', 'health-check-is-inverted'],
    find: (change) =>
      ['disabled', 'invert_healthcheck'].flatMap((key) =>
        found(
          change.type === 'aws_route53_health_check' && settingOf(change, key)?.is === true,
          key === 'disabled' ? 'is disabled by this change' : 'is inverted by this change',
        ),
      ),
  },
  {
    id: 'change-loosens-a-health-check',
    severity: 'warns',
    fix: 'Keep what it looks for, or look for it in another way',
    source: `${ROUTE53}/dns-failover-determining-health-of-endpoints.html`,
    atFailover: 'an application that answers errors may stay in the answers',
    saidBy: ['health-check-does-not-notice', 'calculated-check-stays-healthy', 'health-check-is-disabled'],
    find: (change) => {
      const [type, text, children, checks] = [
        'type',
        'search_string',
        'child_health_threshold',
        'health_check.enabled',
      ].map((key) => settingOf(change, key));
      const isCheck = change.type === 'aws_route53_health_check';
      return [
        ...found(
          isCheck && type?.is === 'TCP',
          'only opens a connection from now on: it does not see what the application answers',
        ),
        ...found(
          isCheck && text !== undefined && text.is === undefined && type?.is !== 'TCP',
          'no longer looks for a text in the answer',
        ),
        ...found(
          isCheck && children !== undefined && Number(children.is) < Number(children.was),
          `asks for ${String(children?.is)} healthy checks instead of ${String(children?.was)}`,
        ),
        ...found(change.type === 'aws_lb_target_group' && checks?.is === false, 'no longer checks its targets'),
      ];
    },
  },
  {
    id: 'change-stops-watching-targets',
    severity: 'warns',
    fix: 'Keep evaluate_target_health, or give the record a health check first',
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html',
    atFailover: 'a target whose health is known to be bad is answered all the same',
    saidBy: ['record-without-health-check', 'target-health-does-not-notice', 'location-is-pinned'],
    find: (change) =>
      found(
        isOff(change, 'evaluate_target_health') && !hasCheck(change),
        'no longer evaluates its target, and has no health check',
      ),
  },
  {
    id: 'change-of-routing-policy',
    severity: 'note',
    fix: 'Drill it: another rule chooses which region a client is led to',
    source: `${ROUTE53}/routing-policy.html`,
    atFailover: 'clients are led by another rule',
    find: (change) => {
      const setting = settingOf(change, 'routing_policy');
      return found(
        setting !== undefined,
        `changes its routing policy: ${String(setting?.was)} -> ${String(setting?.is)}`,
      );
    },
  },
  {
    id: 'change-removes-a-routing-control',
    severity: 'warns',
    fix: 'Keep it until no health check and no runbook names it',
    source: 'https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html',
    atFailover: 'nobody can lead clients away from its region by hand',
    find: (change) =>
      found(
        change.type === 'aws_route53recoverycontrolconfig_routing_control' && (isRemoved(change) || isReplaced(change)),
        `is ${isReplaced(change) ? 'replaced: the new one is off until a person turns it on' : 'removed'}`,
      ),
  },
];

const isOpen = (sentence: string): boolean => sentence.endsWith('known only after the apply');

const hasCheck = ({ is }: StackChange): boolean => {
  const id = is?.resource.values['health_check_id'];
  return typeof id === 'string' && id !== '';
};
