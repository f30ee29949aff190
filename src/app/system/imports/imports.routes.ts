import { isDomainError, notFound } from '../../../kernel';
import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import { startImport } from '../../../platform/imports';
import type { Importer } from '../../../platform/modules';
import type { FormErrors } from '../../../platform/views';
import type { ModuleSwitches } from '../../module-switches';
import { templateFile } from './import-downloads';
import { importListPage } from './import-list.page';
import { importRunRoutes } from './import-run.routes';
import { importStartPage } from './import-start.page';
import { importerWords } from './importer-words';

const MAX_FILE = 30 * 1024 * 1024;

interface ImportPages {
  switches: () => ModuleSwitches;
}

/** Imports of all modules: choose, upload, name the columns, check everything, then write all or nothing. */
export function importRoutes({ switches }: ImportPages): Route[] {
  const allowed = async (ctx: Ctx): Promise<Importer[]> =>
    (await switches().active()).flatMap(({ imports }) => imports ?? []).filter(({ permission }) => ctx.can(permission));
  const importerOf = async (ctx: Ctx, id: string): Promise<Importer> => {
    const found = (await allowed(ctx)).find((importer) => importer.id === id);
    if (!found) throw notFound('imports.importer', id);
    return found;
  };
  const named = (ctx: Ctx): Promise<Importer> => importerOf(ctx, ctx.params.importer ?? '');
  return [
    {
      method: 'get',
      path: '/imports',
      access: { permission: 'system.import.view' },
      handler: async (ctx) =>
        page('imports/list', ctx.t('imports:title'), await importListPage(ctx, await allowed(ctx))),
    },
    {
      method: 'get',
      path: '/imports/:importer',
      access: 'signed-in',
      handler: async (ctx) => showStart(ctx, await named(ctx)),
    },
    {
      method: 'get',
      path: '/imports/:importer/template.xlsx',
      access: 'signed-in',
      handler: async (ctx) => templateFile(ctx, await named(ctx)),
    },
    {
      method: 'post',
      path: '/imports/:importer',
      access: 'signed-in',
      // No list of endings: what a file is, its content says, and the reader of sheets answers beside the field.
      upload: { maxBytes: MAX_FILE, maxFiles: 1 },
      handler: async (ctx) => takeFile(ctx, await named(ctx)),
    },
    ...importRunRoutes(importerOf),
  ];
}

function showStart(ctx: Ctx, importer: Importer, errors: FormErrors | null = null): Reply {
  const model = importStartPage(ctx, importer, errors);
  return page('imports/start', ctx.t(importerWords(importer).title), model, { status: errors ? 422 : 200 });
}

async function takeFile(ctx: Ctx, importer: Importer): Promise<Reply> {
  const refuse = (message: string): Reply => showStart(ctx, importer, { errors: [{ field: 'file', message }] });
  const [file] = ctx.files;
  if (!file) return refuse(ctx.t('imports:error.no_file'));
  const storeId = ctx.stores.find(({ id }) => String(id) === ctx.body.storeId)?.id ?? null;
  try {
    const id = await startImport(ctx.services, ctx.actor, importer, {
      name: file.name,
      content: file.content,
      storeId,
    });
    return redirect(`/imports/runs/${id}`);
  } catch (error) {
    if (!isDomainError(error) || error.status !== 422) throw error;
    return refuse(ctx.t(error.code, error.details));
  }
}
