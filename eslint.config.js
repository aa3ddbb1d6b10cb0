/** What needs no types, and the walls. Rules about types are oxlint's (.oxlintrc.json): a tenth of the time. */
import tseslint from 'typescript-eslint';

/**
 * The walls between the folders (docs/architecture.md): data flows one way,
 * text -> index -> rules -> trace -> graph -> webview.
 */
const folders = [
  'workspace',
  'core',
  'syntax',
  'cluster',
  'language',
  'explorer',
  'flow',
  'packetTrace',
  'whatIf',
  'manifest',
  'inspect',
];

/** Patterns for `import ... from '../FOLDER/...'` of every folder but those allowed. */
function allBut(...allowed) {
  return folders
    .filter((folder) => !allowed.includes(folder))
    .map((folder) => ({
      regex: `^(\\.\\./)+(src/)?${folder}(/|$)`,
      message: `No import from src/${folder} here: see docs/architecture.md.`,
    }));
}

const vscode = { regex: '^vscode$', message: 'VS Code belongs to the feature folders.' };
const node = { regex: '^node:', message: 'core and syntax run in a browser too.' };
const treeSitter = {
  regex: '^web-tree-sitter$',
  message: 'Two copies in one process break: src/syntax/treeSitter.ts is the one importer.',
};
const yaml = {
  regex: '^yaml$',
  message:
    'It is loaded when first needed: src/syntax/yaml/parse.ts is the one importer, with merge.ts.',
};
const toolkit = {
  regex: '^@vscode/webview-ui-toolkit',
  message: 'The toolkit is archived upstream: webview/toolkit.ts is the one importer.',
};

function wall(files, patterns, ignores = []) {
  return {
    files,
    ignores,
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
    },
  };
}

/**
 * core has folders that are called like features: its own are fewer steps up.
 *
 * @param steps from the files up to `src`
 */
function coreWall(files, steps) {
  const own = ['flow', 'packetTrace'];
  return wall(files, [
    vscode,
    node,
    treeSitter,
    ...allBut('core', ...own),
    {
      regex: `^(\\.\\./){${steps},}(src/)?(${own.join('|')})(/|$)`,
      message: 'No import of a feature from src/core: see docs/architecture.md.',
    },
  ]);
}

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.vscode-test/', 'syntaxes/*/src/', 'samples/', 'test/fixtures/'] },
  ...tseslint.configs.recommended,
  ...tseslint.configs.stylistic,
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      // What `const { left, ...rest } = all` leaves out of the rest is not used.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'max-lines': ['error', { max: 500 }],
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  coreWall(['src/core/*.ts'], 1),
  coreWall(['src/core/*/*.ts'], 2),
  coreWall(['src/core/*/*/**'], 3),
  wall(
    ['src/syntax/**'],
    [vscode, node, treeSitter, yaml, ...allBut('core', 'syntax')],
    ['src/syntax/treeSitter.ts', 'src/syntax/yaml/{parse,merge}.ts'],
  ),
  wall(['src/syntax/treeSitter.ts'], [vscode, node, yaml, ...allBut('core', 'syntax')]),
  wall(
    ['src/syntax/yaml/{parse,merge}.ts'],
    [vscode, node, treeSitter, ...allBut('core', 'syntax')],
  ),
  wall(['src/cluster/**'], [vscode, treeSitter, ...allBut('core', 'syntax', 'cluster')]),
  ...['language', 'explorer', 'flow', 'manifest', 'packetTrace', 'whatIf'].map((feature) =>
    wall(
      [`src/${feature}/**`],
      [treeSitter, yaml, ...allBut('core', 'syntax', 'cluster', 'workspace', feature)],
    ),
  ),
  wall(['src/workspace/**'], [treeSitter, ...allBut('core', 'syntax', 'cluster', 'workspace')]),
  wall(['src/inspect/**'], [vscode, treeSitter, ...allBut('core', 'syntax', 'cluster', 'inspect')]),
  wall(
    ['webview/**'],
    [
      vscode,
      node,
      toolkit,
      {
        regex:
          '/src/(?!core/flow/|core/(append|byName|hex|list|percent|plainText|source)$|flow/(protocol|requests)$)',
        allowTypeImports: true,
        message:
          'webview takes only types from src, but for src/core/flow, core/append, core/byName, core/hex, core/list, core/percent, core/plainText, core/source, the protocol and requests.',
      },
    ],
    ['webview/toolkit.ts'],
  ),
  {
    files: ['**/*.js'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
