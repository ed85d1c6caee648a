// What a person types to put a new region in the place of a lost one: the table's replica, the state, what is imported, the release.
import { readTables, type TableConfig } from '@dr/stack';
import { blocksOf, type Graph, type Resource } from '@dr/terraform-json';

export interface Place {
  readonly name: string;
  readonly awsRegion: string;
}

export interface Replacement {
  readonly lost: Place;
  readonly region: Place;
  /** Regions that are left, in the order of the config: the first one owns the tables from now on. */
  readonly left: readonly Place[];
  /** The stack with the lost region, and the one with the new region. */
  readonly before: Graph;
  readonly after: Graph;
}

/** Lines of a shell, from the project's directory. */
export interface Commands {
  readonly fill: readonly string[];
  readonly state: readonly string[];
  readonly apply: readonly string[];
}

const STACK = 'cdktf.out/stacks/dr';
const TERRAFORM = `terraform -chdir=${STACK}`;
const LOCK_FILE = 'terraform/.terraform.lock.hcl';
const REPLICA = 'aws_dynamodb_table_replica';

export function replacementCommands(replacement: Replacement): Commands {
  const { lost, region, after } = replacement;
  return {
    fill: readTables(after).flatMap(({ name, awsRegions: [owner] }) => [
      `aws dynamodb update-table --region ${owner} --table-name ${name} --replica-updates '[{"Create":{"RegionName":"${region.awsRegion}"}}]'`,
      `aws dynamodb describe-table --region ${owner} --table-name ${name} --query 'Table.Replicas[].[RegionName,ReplicaStatus]'`,
    ]),
    state: [
      'npm run -s build && node dist/infra/main.js --deployable',
      `test ! -f ${LOCK_FILE} || cp ${LOCK_FILE} ${STACK}/; ${TERRAFORM} init`,
      `${TERRAFORM} state pull > before.tfstate`,
      `jq '${stateEdit(replacement)}' before.tfstate > after.tfstate`,
      `${TERRAFORM} state push "$PWD/after.tfstate"`,
      ...secretsMoved(replacement),
      ...replicasImported(replacement),
    ],
    // The provider asks every replica of a table, that of the lost region too: no refresh ends until DynamoDB has dropped it.
    apply: [
      `TF_CLI_ARGS_plan=-refresh=false node scripts/release.mjs --commit "$(git rev-parse HEAD)" --allow-destroy ${lost.name}`,
    ],
  };
}

/** Tables that the lost region owned. `import` would read all of their replicas, so the state is told where they live on. */
const orphans = ({ lost, before }: Replacement): readonly TableConfig[] =>
  readTables(before).filter(({ awsRegions }) => awsRegions[0] === lost.awsRegion && awsRegions.length > 1);

/** A program for jq. What Route 53 and us-east-1 have of the lost region stays: the release takes it down. */
function stateEdit(replacement: Replacement): string {
  const { lost, left } = replacement;
  const [owner = lost] = left;
  const isThere = `(.provider | endswith(".${lost.name}"))`;
  const drop = (what: string): string => `if ${what} then empty else . end`;
  const edit =
    orphans(replacement).length === 0
      ? drop(isThere)
      : `if .type == "aws_dynamodb_table" and ${isThere} ` +
        `then (.provider |= sub("${lost.name}$"; "${owner.name}")) | (.instances[].attributes.arn |= sub("${lost.awsRegion}"; "${owner.awsRegion}")) ` +
        `else ${drop(`.type == "${REPLICA}" or ${isThere}`)} end`;
  return `.serial += 1 | .resources |= map(${edit})`;
}

function secretsMoved({ lost, left, before, after }: Replacement): string[] {
  const [owner, ...others] = left.map(({ awsRegion }) => awsRegion);
  const hasReplica = ({ values }: Resource): boolean => blocksOf(values, 'replica').length > 0;
  return before
    .ofType('aws_secretsmanager_secret')
    .filter((secret) => secret.awsRegion === lost.awsRegion && hasReplica(secret) && after.get(secret.address))
    .flatMap(({ address, values }) => {
      const id = `--secret-id ${String(values['name'])}`;
      const promoted = (at: string | undefined): string =>
        `aws secretsmanager stop-replication-to-replica --region ${at} ${id}`;
      return [
        promoted(owner),
        ...others.flatMap((other) => [
          promoted(other),
          `aws secretsmanager replicate-secret-to-regions --region ${owner} ${id} --add-replica-regions Region=${other} --force-overwrite-replica-secret`,
        ]),
        `${TERRAFORM} import ${address} "$(aws secretsmanager describe-secret --region ${owner} ${id} --query ARN --output text)"`,
      ];
    });
}

/** The new replica, and those that are left where their table has another owner now. */
function replicasImported(replacement: Replacement): string[] {
  const { region, after } = replacement;
  const isOrphaned = orphans(replacement).length > 0;
  return readTables(after).flatMap((table) =>
    after
      .ofType(REPLICA)
      .filter(({ references }) => references['global_table_arn']?.includes(table.address))
      .filter(({ awsRegion }) => isOrphaned || awsRegion === region.awsRegion)
      .map(({ address }) => `${TERRAFORM} import ${address} ${table.name}:${table.awsRegions[0]}`),
  );
}
