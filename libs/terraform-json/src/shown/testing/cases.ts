// Made-up teams' stacks, each as Terraform 1.11 with hashicorp/aws 5.100 shows it: plans, and states after an apply on an emulated AWS.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const DIRECTORY = join(__dirname, 'cases');

/** `03-modules-for-each.plan`, ... */
export const CASES: readonly string[] = readdirSync(DIRECTORY).map((file) => file.replace('.json.gz', ''));

export const caseJson = (name: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(join(DIRECTORY, `${name}.json.gz`))).toString('utf8'));
