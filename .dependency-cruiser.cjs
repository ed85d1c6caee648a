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
      name: 'terraform-is-read-for-any-system',
      severity: 'error',
      from: { path: '^libs/terraform-json/' },
      to: { path: '^libs/contracts/src/system/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    includeOnly: '^(apps|libs|e2e)/',
  },
};
