// Services of AWS that have no region: their resources are named in one, and are served from everywhere.

const GLOBAL =
  /^aws_(route53(_(?!resolver)|domains_|recoverycontrolconfig_|recoveryreadiness_)|iam_|cloudfront_|globalaccelerator_|organizations_|shield_|waf_|caller_identity$|partition$)/;

/** Has no region of its own: Route 53, IAM, CloudFront, Global Accelerator ...; so has what is of no AWS service. */
export const isGlobal = (type: string): boolean => !type.startsWith('aws_') || GLOBAL.test(type);
