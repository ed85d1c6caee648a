// Arguments that hold what another resource is known by and nothing else, and which attributes may stand there. An expression may
// put text around a reference, and the plan does not show it: for any other argument no reference says what the value is.
import { nameOf, stepsOf, type Step } from './addresses';
import type { ShownResource } from './contents';

/** A DNS name, the zone of a name that an alias leads to, or an id or ARN. */
type Kind = 'domain' | 'zone' | 'id';

export interface Argument {
  readonly name: string;
  readonly kind: Kind;
  /** Does it take several? */
  readonly isList: boolean;
}

const DOMAINS = /^(fqdn|records|domain_name|ip_address)$/;
const ZONES = /^(hosted_)?zone_id$/;
const IDS = /(^|_)(id|arn)s?$/;
/** Ids and ARNs under names that do not say so. */
const MORE_IDS = new Set([
  ...['subnets', 'security_groups', 'child_healthchecks', 'vpc_zone_identifier', 'alarm_actions', 'ok_actions'],
  ...['insufficient_data_actions', 'role', 'cluster', 'task_definition', 'load_balancers', 'cluster_identifier'],
  ...['autoscaling_group_name', 'global_cluster_identifier', 'uri', 'integration_uri'],
  ...['replicate_source_db', 'replication_source_identifier'],
]);
const LISTS = new Set([
  ...['records', 'subnets', 'security_groups', 'child_healthchecks', 'vpc_zone_identifier', 'alarm_actions'],
  ...['ok_actions', 'insufficient_data_actions', 'load_balancers'],
]);

/** Ids by their name, but made of several: `service/<cluster>/<name>`. */
const TEXTS = /^aws_appautoscaling_\w+ resource_id$/;

/** `path` leads to it: `alias[0].name`. undefined for an argument that may hold any text. */
export function argumentAt(type: string, path: readonly Step[]): Argument | undefined {
  const names = path.flatMap((step) => nameOf(step) ?? []);
  const name = names.at(-1) ?? '';
  if (TEXTS.test(`${type} ${name}`)) return undefined;
  const isAlias = names.at(-2) === 'alias';
  const kind = kindOf(name, isAlias);
  return kind && { name, kind, isList: LISTS.has(name) || /_(ids|arns)$/.test(name) };
}

function kindOf(name: string, isAlias: boolean): Kind | undefined {
  if (DOMAINS.test(name) || (isAlias && name === 'name')) return 'domain';
  if (ZONES.test(name)) return 'zone';
  return IDS.test(name) || MORE_IDS.has(name) ? 'id' : undefined;
}

/** Attributes that have what an argument takes, by the names of the argument. */
const GIVES: Readonly<Record<Kind, readonly (readonly [RegExp, RegExp])[]>> = {
  domain: [
    [
      /./,
      /(^|_)(dns_name|domain_name|fqdn|endpoint|address|public_dns|public_ip|website_domain|cname|(function|service|invoke)_url)$/,
    ],
  ],
  zone: [[/./, /(^|_)zone_id$/]],
  id: [
    [/^(integration_)?uri$/, /^invoke_arn$/],
    // An id may be a part of an ARN that is put together.
    [/arns?$|_actions$/, /^(?!execution_)(\w+_)?arn$/],
    [/./, /(^|_)(id|arn|name|private_ip|public_ip)$/],
  ],
};
/** Their id is their ARN. */
const ARN_IS_ID =
  /^aws_(lb(_\w+)?|sns_topic|globalaccelerator_\w+|acm_certificate|secretsmanager_secret|ecs_(cluster|service))$/;

/** Attributes that are meant where the plan does not say which, by the type of the resource. */
const USUAL: Readonly<Record<Kind, readonly (readonly [RegExp, string])[]>> = {
  domain: [
    [/^aws_(lb|elb|globalaccelerator_accelerator)$/, 'dns_name'],
    [/^aws_route53_record$/, 'fqdn'],
    [/^aws_cloudfront_distribution$/, 'domain_name'],
    [/^aws_(eip|instance)$/, 'public_ip'],
    [/^aws_api_gateway_domain_name$/, 'regional_domain_name'],
    [/^aws_apigatewayv2_domain_name$/, 'domain_name_configuration[0].target_domain_name'],
    [/^aws_apigatewayv2_api$/, 'api_endpoint'],
    [/^aws_api_gateway_rest_api$/, 'id'],
    [/^aws_lambda_function_url$/, 'function_url'],
    [/^aws_apprunner_service$/, 'service_url'],
    [/^aws_elastic_beanstalk_environment$/, 'cname'],
    [/^aws_s3_bucket_website_configuration$/, 'website_domain'],
  ],
  zone: [
    [/^aws_(lb|elb|route53_zone)$/, 'zone_id'],
    [/^aws_(cloudfront_distribution|globalaccelerator_accelerator)$/, 'hosted_zone_id'],
  ],
  id: [],
};

/** `<id>.execute-api.<region>.amazonaws.com`: no other name is made of the id of an API. */
const NAMED_BY_ID = /^aws_(apigatewayv2_api|api_gateway_rest_api)$/;

/** Arguments that take an id of one kind of resource. */
const OF_TYPE: readonly (readonly [RegExp, RegExp])[] = [
  [/^(health_check_id|child_healthchecks)$/, /^aws_route53_health_check$/],
  [/target_group_arns?$/, /^aws_lb_target_group$/],
  [/^load_balancer_arn$/, /^aws_lb$/],
  [/^listener_arn$/, /^aws_(lb|globalaccelerator)_listener$/],
  [/^subnet(s|_ids?)$/, /^aws_(default_)?subnet$/],
  [/security_group(s|_ids?)$/, /^aws_(default_)?security_group$/],
  [/^vpc_id$/, /^aws_(default_)?vpc$/],
];

/** The attribute of the resource that may stand at the argument; undefined when none may. */
export function fitting(
  argument: Argument,
  { type }: Pick<ShownResource, 'type'>,
  path: readonly Step[] | undefined,
): readonly Step[] | undefined {
  const given = path && nameOf(path.at(-1));
  const isInvokeName = argument.kind === 'domain' && given === 'id' && NAMED_BY_ID.test(type);
  if (path && given !== undefined && !isInvokeName) {
    const isZone = type === 'aws_route53_zone' && argument.kind === 'zone' && given === 'id';
    const isArn = argument.kind === 'id' && given === 'id' && ARN_IS_ID.test(type) && isOfType(argument, type);
    return isZone || isArn || given === argument.name || gives(argument, type, given) ? path : undefined;
  }
  if (!isOfType(argument, type)) return undefined;
  const usual = USUAL[argument.kind].find(([types]) => types.test(type))?.[1];
  if (usual !== undefined) return stepsOf(usual);
  if (argument.kind !== 'id') return undefined;
  const byArn = /arns?$|_actions$/.test(argument.name) || /^aws_(lambda_function|lb)$/.test(type);
  return [{ name: byArn ? 'arn' : 'id' }];
}

const gives = (argument: Argument, type: string, given: string): boolean =>
  isOfType(argument, type) &&
  GIVES[argument.kind].find(([names]) => names.test(argument.name))?.[1].test(given) === true;

const isOfType = ({ name }: Argument, type: string): boolean =>
  OF_TYPE.every(([argument, types]) => !argument.test(name) || types.test(type));
