// Who may import whom. The rules are the table in docs/architecture.md; a planted violation is part of the tests
// (apps/api/bin/check.ts runs them on a scratch tree), so that a checker that sees nothing cannot pass.
const module = '^apps/api/src/[^/]+/';
const test = '\\.test\\.tsx?$|/testing/';
const store = '\\.store\\.ts$';
const query = '\\.queries\\.ts$';
const shell = '\\.(router|http|tasks)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'core-imports-only-core',
      comment: 'core holds the words everyone speaks; it knows nobody.',
      severity: 'error',
      from: { path: '^apps/api/src/core/', pathNot: test },
      to: { path: '^apps/', pathNot: '^apps/api/src/core/' },
    },
    {
      name: 'only-rows-name-the-database',
      comment: 'pg and Prisma are named by stores, queries and runtime, nobody else.',
      severity: 'error',
      from: {
        path: '^apps/api/src/',
        pathNot: [test, store, query, '^apps/api/src/runtime/', '^apps/api/src/identity/auth\\.ts$'],
      },
      to: { path: '^node_modules/.*/(pg|pg-copy-streams|@prisma/[^/]+)/' },
    },
    {
      name: 'stores-know-no-shells-and-no-verbs',
      severity: 'error',
      from: { path: `${store}|${query}`, pathNot: test },
      to: { path: `${shell}|^apps/api/src/psp/|^apps/api/src/runtime/(operation|trpc|http)\\.ts$` },
    },
    {
      name: 'verbs-never-call-a-provider',
      comment: 'No network inside a transaction: whoever opens one knows no connector.',
      severity: 'error',
      from: {
        path: module,
        // The router's context hands the connectors on to tasks; it opens no transaction of its own.
        pathNot: [test, '\\.(tasks|http)\\.ts$', '^apps/api/src/psp/', '^apps/api/src/runtime/trpc\\.ts$'],
      },
      to: { path: '^apps/api/src/psp/' },
    },
    {
      name: 'providers-know-the-port-only',
      severity: 'error',
      from: { path: '^apps/api/src/psp/[^/]+/', pathNot: test },
      to: { path: '^apps/api/src/', pathNot: ['^apps/api/src/core/', '^apps/api/src/psp/'] },
    },
    {
      name: 'providers-are-loaded-by-bin-only',
      severity: 'error',
      from: { path: '^apps/api/src/', pathNot: [test, '^apps/api/src/psp/'] },
      to: { path: '^apps/api/src/psp/[^/]+/' },
    },
    {
      name: 'routers-carry',
      comment: 'A shell calls verbs and queries; it never reaches into rows.',
      severity: 'error',
      from: { path: '\\.router\\.ts$' },
      to: { path: store },
    },
    {
      name: 'src-knows-no-bin',
      severity: 'error',
      from: { path: '^apps/api/src/', pathNot: test },
      to: { path: '^apps/api/bin/' },
    },
    {
      name: 'web-takes-only-words-from-the-api',
      comment: 'The console imports types from the api, and values only from core (money, currency, roles).',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: test },
      to: { path: '^apps/api/', pathNot: '^apps/api/src/core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-knows-no-domain',
      severity: 'error',
      from: { path: '^apps/web/src/ui/' },
      to: { path: '^apps/web/src/', pathNot: ['^apps/web/src/ui/', '^apps/web/src/lib/'] },
    },
    {
      name: 'sandbox-is-another-company',
      severity: 'error',
      from: { path: '^apps/psp-sandbox/' },
      to: { path: '^apps/(api|web)/' },
    },
    {
      name: 'the-product-knows-no-sandbox',
      severity: 'error',
      from: { path: '^apps/(api|web)/', pathNot: test },
      to: { path: '^apps/psp-sandbox/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^apps/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-from-testing',
      severity: 'error',
      from: { path: '^apps/', pathNot: test },
      to: { path: '/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
    },
  },
};
