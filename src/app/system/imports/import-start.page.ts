import type { Ctx } from '../../../platform/http';
import type { Importer } from '../../../platform/modules';
import type { Field, FormErrors, PageHead, Table } from '../../../platform/views';
import { importerWords } from './importer-words';

export interface ImportStartPage {
  head: PageHead;
  hint: string;
  action: string;
  fields: Field[];
  templateHref: string;
  columns: Table;
  errors: FormErrors | null;
}

/** Where a file is uploaded, with the columns it may have. */
export function importStartPage(ctx: Ctx, importer: Importer, errors: FormErrors | null): ImportStartPage {
  const { t } = ctx;
  const words = importerWords(importer);
  const store: Field = {
    name: 'storeId',
    label: t('imports:store'),
    type: 'select',
    optional: true,
    hint: t('imports:storeHint'),
    value: typeof ctx.body.storeId === 'string' ? ctx.body.storeId : (ctx.store?.id ?? ''),
    options: ctx.stores
      .filter(({ id }) => ctx.can(importer.permission, id))
      .map(({ id, name }) => ({ value: id, label: name })),
    choose: t('imports:storeFromFile'),
  };
  return {
    head: { title: t(words.title), crumbs: [{ label: t('imports:title'), href: '/imports' }] },
    hint: t(words.hint),
    action: `/imports/${importer.id}`,
    templateHref: `/imports/${importer.id}/template.xlsx`,
    errors,
    // Only what is kept by store asks for one.
    fields: importer.storesAcross ? [store] : [],
    columns: {
      id: 'columns',
      caption: t('imports:columns'),
      columns: [
        { key: 'name', label: t('imports:column'), card: 'title' },
        { key: 'needed', label: t('imports:needed'), card: 'state' },
        { key: 'aliases', label: t('imports:aliases'), card: 'full' },
      ],
      rows: importer.columns.map(({ key, required, aliases }) => ({
        id: key,
        cells: [
          { text: t(words.column(key)), strong: true },
          required ? t('common:yes') : t('common:no'),
          aliases.join(t('imports:listComma')),
        ],
      })),
    },
  };
}
