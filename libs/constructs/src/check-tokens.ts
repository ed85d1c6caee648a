// The part of the path that only Route 53's checkers know, as anybody may send their User-Agent (docs/decisions/0022).
import { CHECK_PATH } from '@dr/contracts/system';
import { DataResource, type TerraformResource } from 'cdktf';
import { Construct } from 'constructs';

export interface CheckTokensProps {
  /** 1, and one more for each time that the token is renewed. */
  readonly generation: number;
}

/** Two tokens, of which each generation renews the one that is not in use: the one before stays good while it changes. */
const SLOTS = 2;

/** The id of a `terraform_data` (a UUID that Terraform draws, since 1.4): kept in the state, and not in the synthesized JSON. */
export class CheckTokens extends Construct {
  /** What the health checks ask for. */
  readonly path: string;
  /** What the functions know, separated by commas. */
  readonly setting: string;

  constructor(scope: Construct, id: string, { generation }: CheckTokensProps) {
    super(scope, id);
    const tokens = Array.from({ length: SLOTS }, (_, slot) => {
      const token = new DataResource(this, `token_${slot}`);
      token.addOverride('triggers_replace', Math.floor((generation - slot) / SLOTS));
      return secret(token);
    });
    this.path = `${CHECK_PATH}${tokens[generation % SLOTS] ?? ''}`;
    this.setting = tokens.join(',');
  }
}

/** No plan shows it. */
const secret = (token: TerraformResource): string =>
  `\${sensitive(${token.terraformResourceType}.${token.friendlyUniqueId}.id)}`;
