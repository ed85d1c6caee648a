// Which file may import which: what ESLint's boundaries between projects do not see. Types count as well.
const onlyItself = (name, folder, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(apps|libs)/', pathNot: [`^${folder}/`, ...allowed].join('|') },
});

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    onlyItself('the-kernel-imports-nothing-above-it', 'libs/twin/src/kernel', ['^libs/contracts/src/(?!system/)']),
    {
      name: 'a-reader-does-not-know-the-others',
      comment: 'each way to read Terraform gives the graph by itself; read-stack tells them apart',
      severity: 'error',
      from: { path: '^libs/terraform-json/src/(?!read-stack)[^/]*\\.ts$', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/terraform-json/src/[^/]+/' },
    },
    {
      name: 'no-system-of-its-own',
      comment: 'what runs, reads and judges any system is told of one through a port',
      severity: 'error',
      from: {
        path: '^libs/(twin|terraform-json|stack|review|drills)/src/',
        pathNot: '\\.test\\.ts$|/testing/|/conformance/|^libs/drills/src/(systems/|index\\.ts$)',
      },
      to: { path: '^libs/(contracts/src/system|drills/src/systems)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    includeOnly: '^(apps|libs|e2e)/',
  },
};
