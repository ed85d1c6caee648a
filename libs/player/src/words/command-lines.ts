// Command lines that reach a running system: DNS, load balancers, tables.
import type { Endpoints } from '../live/messages';
import { titled } from './figures';

export interface CommandLine {
  readonly what: string;
  readonly line: string;
}

/** The emulated DynamoDB looks at no signature, and the command line wants something to sign with. */
const ANY_KEYS = 'AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any';

export function linesOf({ dns, regions, apiKey }: Endpoints): CommandLine[] {
  const places = dns.vantages ?? [{ region: regions[0]?.name ?? '', port: dns.port }];
  const key = apiKey ? ` -H 'x-api-key: ${apiKey}'` : '';
  return [
    ...places.map(({ region, port }) => ({
      what: `DNS, asked from near ${titled(region)}`,
      line: `dig @${dns.address} -p ${port} ${dns.name} A +noall +answer`,
    })),
    ...regions.flatMap(({ name, awsRegion, loadBalancer, dynamodb, table }) => [
      { what: `Health of ${titled(name)}`, line: `curl -i ${loadBalancer}/health` },
      ...(key ? [{ what: `An item in ${titled(name)}`, line: `curl -i${key} ${loadBalancer}/items/hello` }] : []),
      {
        what: `Table of ${titled(name)}`,
        line: `${ANY_KEYS} aws dynamodb scan --endpoint-url ${dynamodb} --region ${awsRegion} --table-name ${table} --max-items 5`,
      },
    ]),
  ];
}
