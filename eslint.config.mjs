// Lint: import boundaries between layers and worlds, and no clock, chance or environment outside the edge.
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const LAYERS = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5'];
const layerConstraints = LAYERS.map((layer, at) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: LAYERS.slice(0, at + 1).map((below) => `layer:${below}`),
}));

const worldConstraints = [
  { sourceTag: 'world:shared', onlyDependOnLibsWithTags: ['world:shared'], bannedExternalImports: ['@aws-sdk/*', 'cdktf', '@cdktf/*', 'constructs', 'dynalite'] },
  { sourceTag: 'world:runtime', onlyDependOnLibsWithTags: ['world:shared', 'world:runtime'], bannedExternalImports: ['cdktf', '@cdktf/*', 'constructs', 'dynalite', 'zod'] },
  { sourceTag: 'world:iac', onlyDependOnLibsWithTags: ['world:shared', 'world:iac'], bannedExternalImports: ['@aws-sdk/*', 'dynalite'] },
  { sourceTag: 'world:twin', onlyDependOnLibsWithTags: ['world:shared', 'world:twin'], bannedExternalImports: ['@aws-sdk/*', 'cdktf', '@cdktf/*', 'constructs'] },
  { sourceTag: 'world:tool', onlyDependOnLibsWithTags: ['world:shared', 'world:twin', 'world:tool'], bannedExternalImports: ['cdktf', '@cdktf/*', 'constructs', 'dynalite'] },
];

const EDGE = ['**/main.ts', '**/main.tsx', '**/adapters/**', '**/*adapter*.ts', '**/*.test.ts', '**/testing/**'];

const message = 'Clock, randomness, timers and environment enter through a port: read them in main.ts or an adapter.';
const edgeOnly = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message },
  { selector: "MemberExpression[object.name='process'][property.name='env']", message },
  { selector: "CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]", message },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message },
  { selector: "CallExpression[callee.name=/^(randomBytes|randomUUID)$/]", message },
];

/** What runs, reads and judges any system names nothing of ours: that is in contracts/system and in drills/systems/ours. */
const FOR_ANY_SYSTEM = ['twin', 'terraform-json', 'stack', 'review', 'drills'].map((lib) => `libs/${lib}/src/**/*.ts`);
const OF_OURS = '/^(traffic-router|health-checker|failover-orchestrator|data-consistency-validator|control|heartbeat|api-key|dr-system-table)$|(^|[^.])\\x2fitems|control#/';
const namesOurs = { message: 'This is of our own system: let the system under drill say it.' };
const ofOurs = [
  { selector: `Literal[value=${OF_OURS}]`, ...namesOurs },
  { selector: `TemplateElement[value.raw=${OF_OURS}]`, ...namesOurs },
];

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'cdktf.out', '.nx', 'coverage'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parser: tseslint.parser, parserOptions: { sourceType: 'module', ecmaFeatures: { jsx: true } } },
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], depConstraints: [...layerConstraints, ...worldConstraints], banTransitiveDependencies: false, enforceBuildableLibDependency: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', prefer: 'type-imports' }],
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-console': 'off',
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@cdktf/provider-aws', message: 'Import @cdktf/provider-aws/lib/<resource>: the index is 8-11 times slower.' }] },
      ],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'libs/**/*.tsx'],
    ignores: EDGE,
    rules: { 'no-restricted-syntax': ['error', ...edgeOnly] },
  },
  {
    files: FOR_ANY_SYSTEM,
    ignores: [...EDGE, '**/conformance/**', 'libs/drills/src/systems/**'],
    rules: { 'no-restricted-syntax': ['error', ...edgeOnly, ...ofOurs] },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'libs/**/*.tsx'],
    ignores: ['**/*.test.ts'],
    rules: { 'max-lines': ['error', { max: 300 }], 'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['libs/handler-core/src/**/*.ts', 'libs/drills/src/**/*.ts', 'apps/**/*.ts'],
    ignores: ['**/adapters/**', '**/*adapter*.ts', '**/*.test.ts', '**/testing/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@aws-sdk/client-*'], message: 'AWS clients are imported by adapters only.', allowTypeImports: true }] },
      ],
    },
  },
);
