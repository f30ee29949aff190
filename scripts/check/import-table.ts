// The one table of who may import whom. scripts/check/imports.ts enforces it, scripts/draw-imports.ts draws it into
// docs/architecture.md. To allow a new edge, add it here and say in the commit why it points downwards.

export interface Area {
  /** Files whose path begins like this belong to the area; the longest match wins. */
  paths: readonly string[];
  /** Other areas that its files may import. */
  mayImport: readonly string[];
  /** When set, other areas may import only files that match (a door). */
  door?: RegExp;
  /** When set, the only packages and node: modules that its files may import at run time. */
  packages?: readonly string[];
}

export const areas: Readonly<Record<string, Area>> = {
  kernel: { paths: ['src/kernel/'], mayImport: [], packages: [] },
  platform: { paths: ['src/platform/'], mayImport: ['portable', 'kernel'] },
  // What migrations are written with: builders of tables over the abstract column types, and statements.
  portable: {
    paths: ['portable', 'append-only', 'catalog', 'columns', 'dialect', 'oracle-words', 'table', 'sql'].map(
      (file) => `src/platform/database/${file}.ts`,
    ),
    mayImport: ['kernel'],
  },
  ledger: { paths: ['src/ledger/'], mayImport: ['platform', 'portable', 'kernel'], door: /^src\/ledger\/index\.ts$/ },
  modules: {
    paths: ['src/modules/'],
    mayImport: ['ledger', 'platform', 'portable', 'kernel'],
    door: /^src\/modules\/[^/]+\/(index|[^/]+\.module)\.ts$/,
  },
  migrations: { paths: ['migrations/'], mayImport: ['portable'] },
  app: { paths: ['src/app/'], mayImport: ['modules', 'ledger', 'platform', 'portable', 'kernel', 'migrations'] },
  installer: { paths: ['installer/'], mayImport: ['app', 'platform', 'portable', 'kernel'] },
  commands: {
    paths: ['src/commands/', 'src/main.ts', 'src/prepare-process.ts'],
    mayImport: ['installer', 'app', 'ledger', 'platform', 'portable', 'kernel'],
  },
  tools: {
    paths: ['scripts/', 'test/', 'bench/'],
    mayImport: ['commands', 'installer', 'app', 'migrations', 'modules', 'ledger', 'platform', 'portable', 'kernel'],
  },
};

/** Tests and tools may look behind every door. */
export const seesThroughDoors: readonly string[] = ['tools'];

/** Module → the modules right below it. What lies further below may be imported as well (sales → catalog by way of pricing). */
export const moduleEdges: Readonly<Record<string, readonly string[]>> = {
  reporting: ['purchasing', 'channels', 'aftersales', 'administration'],
  channels: ['sales'],
  aftersales: ['sales'],
  sales: ['pricing', 'crm', 'inventory', 'finance'],
  purchasing: ['inventory', 'finance', 'catalog'],
  inventory: ['pricing'],
  pricing: ['catalog'],
  crm: ['pricing'],
  finance: ['organization'],
  catalog: ['organization'],
  administration: ['organization'],
  organization: [],
};

export interface Layer {
  mayImport: readonly string[];
  /** Areas outside the modules; a layer not limited here may use what the area `modules` may. */
  areas?: readonly string[];
  packages?: readonly string[];
  /** Packages that this layer must leave to others. */
  not?: readonly string[];
}

/** Folders inside a module. `door` is index.ts and `manifest` is <name>.module.ts. */
export const layers: Readonly<Record<string, Layer>> = {
  domain: { mayImport: [], areas: ['kernel'], packages: [] },
  store: { mayImport: ['domain'] },
  queries: { mayImport: ['store', 'domain'] },
  'use-cases': { mayImport: ['queries', 'store', 'domain'] },
  web: { mayImport: ['use-cases', 'queries', 'domain'], not: ['typeorm'] },
  api: { mayImport: ['use-cases', 'queries', 'domain'], not: ['typeorm'] },
  jobs: { mayImport: ['use-cases', 'queries', 'domain'] },
  events: { mayImport: ['use-cases', 'queries', 'domain'] },
  door: { mayImport: ['use-cases', 'queries', 'store', 'domain'] },
  manifest: { mayImport: ['door', 'web', 'api', 'jobs', 'events', 'use-cases', 'queries', 'store', 'domain'] },
};

/** The document's pure functions return a Posting: domain code may name the ledger's types, never run its code. */
export const typesOnly: Readonly<Record<string, readonly string[]>> = { domain: ['ledger'] };
