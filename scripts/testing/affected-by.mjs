// What Nx runs for a change of each file: reads a JSON list of paths, and writes the projects of each. One process asks for all, with
// the rule of `nx affected` itself.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const nx = join(process.cwd(), 'node_modules/nx/dist/src/project-graph');
const { createProjectGraphAsync } = require(join(nx, 'project-graph.js'));
const { filterAffected } = require(join(nx, 'affected/affected-project-graph.js'));
const { calculateFileChanges } = require(join(nx, 'file-utils.js'));

const graph = await createProjectGraphAsync({ exitOnError: true });
const affected = {};
for (const file of JSON.parse(readFileSync(0, 'utf8'))) {
  const { nodes } = await filterAffected(graph, calculateFileChanges([file], {}));
  affected[file] = Object.keys(nodes).sort();
}
const tests = Object.values(graph.nodes).map(({ name, data }) => ({
  name,
  root: data.root,
  test: 'test' in data.targets,
}));
process.stdout.write(JSON.stringify({ affected, projects: tests }));
process.exit(0);
