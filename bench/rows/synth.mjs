// The synthesis next to cdktf on the same constructs, without what we check.
import { join } from 'node:path';
import { TOOL_OPTIONS } from '../../scripts/bundle-options.mjs';
import { inTurn } from '../harness/context.mjs';

/** As cdktf's documents have an app: constructs, and `synth()`. */
const ENTRY = `
import { parseConfig, recoveryObjectiveOf } from '@dr/contracts/system/config';
import { selectSettings } from '@dr/failover';
import { App } from 'cdktf';
import { join } from 'node:path';
import { addBackend } from './apps/infra/src/backend';
import { CodeLibrary } from './apps/infra/src/code-library';
import { DrStack } from './apps/infra/src/dr-stack';
import input from './dr.config';

const [outdir = ''] = process.argv.slice(2);
const config = parseConfig(input);
const app = new App({ outdir, skipValidation: true });
const code = new CodeLibrary(config, join(process.cwd(), 'dist'), outdir);
const selection = selectSettings(recoveryObjectiveOf(config));
const stack = new DrStack(app, 'dr', { config, selection, code: (s, region) => code.of(s, region) });
addBackend(stack, config);
app.synth();
`;

export const row = {
  name: 'synth',
  work: 'synthesis',
  does: 'Writes the Terraform JSON of the default config in a new process: `node dist/infra/main.js`, with its rules, parity and publishing in one piece.',
  peer: '`cdktf` on the same constructs without our checks, bundled with the same options',
  turns: 7,
  bars: [{ title: 'CPU', kind: 'ratio', of: 'cpuMs', atMost: 1.3 }],
  async prepare({ scratch, bundle, node }) {
    const plain = await bundle('synth', ENTRY, { base: TOOL_OPTIONS });
    let count = 0;
    const out = () => join(scratch, `out-${(count += 1)}`);
    return [
      inTurn('', {
        'dist/infra/main.js': () => node(['dist/infra/main.js', '--simulate', '--out', out()]),
        'cdktf alone': () => node([plain, out()]),
      }),
    ];
  },
};
