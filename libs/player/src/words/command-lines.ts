// Command lines that reach a running system: its load balancers, DNS, tables. Each is one line without spaces inside of quotes, so that it can be folded.
import type { Endpoints } from '../live/messages';
import { titled } from './figures';

export interface CommandLine {
  readonly what: string;
  readonly line: string;
}

type Reached = Pick<Endpoints, 'apiKey' | 'dns' | 'regions'>;

export function linesOfRegion({ dns, apiKey }: Reached, region: Reached['regions'][number]): CommandLine[] {
  const { name, awsRegion, loadBalancer, dynamodb, table } = region;
  const key = apiKey === null ? '' : ` --oauth2-bearer ${apiKey}`;
  const item = `${key} ${loadBalancer}/items/hello`;
  const port = dns.vantages.find((one) => one.region === name)?.port ?? dns.port;
  const scan = `aws dynamodb scan --table-name ${table} --max-items 3 --endpoint-url ${dynamodb} --region ${awsRegion} --no-sign-request`;
  return [
    { what: `Health of ${titled(name)}`, line: `curl ${loadBalancer}/health` },
    {
      what: `Write in ${titled(name)}`,
      line: `curl -X PUT -d '{"hello":"${name}"}' -H content-type:application/json${item}`,
    },
    { what: `Read in ${titled(name)}`, line: `curl${item}` },
    { what: `DNS near ${titled(name)}`, line: `dig @${dns.address} -p ${port} ${dns.name}` },
    ...(table === null ? [] : [{ what: `Table of ${titled(name)}`, line: scan }]),
  ];
}

export const linesOf = (reached: Reached): CommandLine[] =>
  reached.regions.flatMap((region) => linesOfRegion(reached, region));
