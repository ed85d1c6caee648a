// The official JSON schema of SARIF 2.1.0 (revision rtm.5), as OASIS publishes it; the copy is that of @microsoft/jest-sarif 1.0.0-beta.0
// (MIT), which is too old to be installed for it. `sarif-shape.ts` asks more: what code scanning wants, and nothing that we do not use. For tests.
import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const schema = JSON.parse(gunzipSync(readFileSync(join(__dirname, 'sarif-schema-2.1.0.json.gz'))).toString()) as object;
// It is of JSON Schema's draft 4, in which an id is called so.
const validate = new Ajv({ schemaId: 'id', meta: false, validateSchema: false, allErrors: true }).compile(schema);

/** What the schema refuses of a log, each as a place and a reason. */
export function refusedBySchema(log: unknown): readonly string[] {
  void validate(log);
  return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
}
