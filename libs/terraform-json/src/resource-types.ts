// What the name of a resource's type says of it.

const GLOBAL =
  /^aws_(route53(_(?!resolver)|domains_|recoverycontrolconfig_|recoveryreadiness_)|iam_|cloudfront_|globalaccelerator_|organizations_|shield_|waf_|caller_identity$|partition$)/;

/** Has no region of its own: Route 53, IAM, CloudFront, Global Accelerator ...; so has what is of no AWS service. */
export const isGlobal = (type: string): boolean => !type.startsWith('aws_') || GLOBAL.test(type);

/** `aws_alb` and `aws_lb` are one type under two names, and so are those of their listeners and target groups. */
export const canonicalType = (type: string): string => type.replace(/^aws_alb(?=_|$)/, 'aws_lb');
