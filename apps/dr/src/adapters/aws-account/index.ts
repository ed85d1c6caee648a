// What may be read of an AWS account, over the SDK. Nothing here changes anything.
import type { PreflightReader } from '../../operate/preflight/reader';
import type { StatusReader } from '../../operate/status/reader';
import { accountReader } from './account-reader';
import { bucket } from './bucket-reader';
import { route53Reader } from './route53-reader';
import { statusReader } from './status-reader';
import { identity } from './sts-reader';

export const preflightReader: PreflightReader = { identity, bucket, ...accountReader, ...route53Reader };
export const awsAccount: PreflightReader & StatusReader = { ...preflightReader, ...statusReader };
