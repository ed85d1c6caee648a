// The same sources and arguments are synthesized once; another config, argument or bundle is synthesized anew.
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from './synthesis-adapter';

/** It counts its runs, and writes down its arguments as the stack. */
const APP = `
const fs = require('node:fs');
fs.appendFileSync('runs', '.');
const out = process.argv[process.argv.indexOf('--out') + 1];
fs.mkdirSync(out + '/stacks/dr', { recursive: true });
fs.writeFileSync(out + '/stacks/dr/cdk.tf.json', JSON.stringify(process.argv.slice(2, -2)));
console.error('warning: mind');
`;

describe('synthesize', () => {
  let root: string;
  let config: unknown;
  let warned: string[];
  let outs = 0;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dr-synthesis-'));
    for (const app of ['infra', 'router']) mkdirSync(join(root, 'dist', app), { recursive: true });
    writeFileSync(join(root, 'dist', 'infra', 'main.js'), APP);
    writeFileSync(join(root, 'dist', 'router', 'index.js'), 'one');
    config = { regions: 2 };
    warned = [];
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const make = async (...args: string[]): Promise<string> => {
    const out = join(root, `out-${(outs += 1)}`);
    const options = { root, config: () => config, warn: (text: string) => void warned.push(text) };
    return readFileSync(await synthesize(options, args, out), 'utf8');
  };
  const runs = (): number => readFileSync(join(root, 'runs'), 'utf8').length;
  const keptIn = (): string[] => readdirSync(join(root, 'dist', 'synthesized'));

  it('writes the same again without a run of the app, and warns of the same', async () => {
    const first = await make('--rto', '60');
    expect(await make('--rto', '60')).toBe(first);
    expect(runs()).toBe(1);
    expect(warned).toEqual(['warning: mind\n', 'warning: mind\n']);
  });

  it.each<[string, () => unknown]>([
    ['a bundle', () => appendFileSync(join(root, 'dist', 'router', 'index.js'), 'two')],
    ['the app', () => appendFileSync(join(root, 'dist', 'infra', 'main.js'), '//')],
    ['the config, as where it follows the environment', () => (config = { regions: 3 })],
  ])('runs the app again after a change of %s', async (_, change) => {
    await make();
    change();
    await make();
    expect(runs()).toBe(2);
  });

  it('runs the app for other arguments, and each time where the config is refused or a file is named', async () => {
    await make('--rto', '60');
    await make('--rto', '90');
    expect(runs()).toBe(2);
    await make('--applied=state');
    await make('--applied=state');
    expect(runs()).toBe(4);
    const refused = (): never => {
      throw new Error('refused');
    };
    for (const out of ['a', 'b'])
      await synthesize({ root, config: refused, warn: () => undefined }, [], join(root, out));
    expect(runs()).toBe(6);
  });

  it('keeps the latest few, and nothing half written', async () => {
    for (let rto = 1; rto <= 12; rto += 1) await make('--rto', String(rto));
    expect(keptIn()).toHaveLength(8);
    expect(keptIn().every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  });

  it('synthesizes where nothing can be kept', async () => {
    writeFileSync(join(root, 'dist', 'synthesized'), 'a file');
    await make();
    await make();
    expect(runs()).toBe(2);
  });
});
