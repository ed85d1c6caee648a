// What `dr console --json` prints.
export const ENDPOINTS_JSON = {
  schema: 'number: 1',
  page: 'string: address of the live page',
  apiKey: "string | null: the item API's key of this run",
  'dns.address': 'string: where DNS is asked, over UDP and TCP',
  'dns.port': 'number: asked as a client near the first region',
  'dns.name': 'string: the name that clients ask for',
  'dns.vantages[].region': 'string: a client near this region',
  'dns.vantages[].port': 'number: asks there',
  'regions[].name': 'string: as in dr.config.ts',
  'regions[].awsRegion': 'string: AWS id',
  'regions[].loadBalancer': 'string: address of its load balancer, for curl',
  'regions[].answersAs': 'string: the address that DNS answers for it',
  'regions[].dynamodb': 'string: endpoint for aws dynamodb --endpoint-url',
  'regions[].table': 'string | null: the table of the system',
} as const;
