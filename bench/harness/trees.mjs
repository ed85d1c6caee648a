// Checkouts of the project to be measured: this one, and of other commits, each with its own packages and bundles.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/freshness.mjs';
import { ran } from './processes.mjs';

const git = (args, cwd = root) => spawnSync('git', args, { cwd, encoding: 'utf8' });

/** The full hash of a commit; undefined when this repository has none by that name. */
export function commitOf(name) {
  const { status, stdout } = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  return status === 0 ? stdout.trim() : undefined;
}

export const shortOf = (commit) => git(['rev-parse', '--short=7', commit]).stdout.trim() || 'unknown';

/** This commit; with a sign where the files are not those of it. */
export function ownCommit() {
  const isChanged =
    git(['status', '--porcelain', '--untracked-files=no', ':!bench/results', ':!docs']).stdout.trim() !== '';
  return `${shortOf('HEAD')}${isChanged ? '+' : ''}`;
}

/** A clone of this repository at that commit, without packages. */
export async function clone(commit, directory) {
  await ran('git', ['clone', '--quiet', '--shared', '--no-checkout', root, directory]);
  await ran('git', ['-c', 'advice.detachedHead=false', 'checkout', '--quiet', '--detach', commit], { cwd: directory });
  return directory;
}

export const NPM_CI = ['ci', '--prefer-offline'];

/** A clone that runs: with its packages, built. */
export async function checkout(commit, directory) {
  await clone(commit, directory);
  await ran('npm', NPM_CI, { cwd: directory });
  await built(directory);
  return directory;
}

/** The command line of any commit builds what is stale before it runs. */
export const built = (tree) => ran(process.execPath, ['scripts/dr.mjs', '--help'], { cwd: tree });

/** The sources of a tree as they are now, beside its packages, with nothing built. */
export async function copyOfSources(tree, directory) {
  const listed = await ran('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: tree });
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(tree, name)))) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(tree, file), join(directory, file));
  }
  symlinkSync(join(tree, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}
