import { z } from 'zod';
import { notFound } from '../../kernel';
import { editForm, stateLabel } from '../views';
import { fields } from './fields';
import { emptyForm, type FormState, submit } from './form';
import { page, redirect, type Reply } from './reply';
import type { Ctx, Route } from './route';

interface NamedRecord {
  id: number;
  name: string;
  active: boolean;
  version: number;
}

export interface NamedRecords {
  path: string;
  permission: string;
  /** Folder of the views `list-and-form` and `edit`. */
  views: string;
  /** Subject of a 404: `catalog.brand`. */
  subject: string;
  /** Keys of the words. */
  words: Record<
    'title' | 'name' | 'newName' | 'state' | 'active' | 'create' | 'created' | 'save' | 'saved' | 'empty' | 'emptyHint',
    string
  >;
  list: (ctx: Ctx) => Promise<readonly NamedRecord[]>;
  create: (ctx: Ctx, command: { name: string }, operationKey?: string) => Promise<unknown>;
  update: (
    ctx: Ctx,
    command: { id: number; name: string; active: boolean; version: number },
    operationKey?: string,
  ) => Promise<unknown>;
}

const fresh = z.object({ name: fields.required, operationKey: fields.operationKey });
const changed = fresh.extend({ version: fields.version, active: fields.checkbox });

/** Pages of records that are a name and whether it is in use (brands, departments): a list with a form, and one to edit. */
export function namedRecordRoutes(records: NamedRecords): readonly Route[] {
  const { path, words } = records;
  const access = { permission: records.permission };
  const one = `${path}/:id`;
  return [
    { method: 'get', path, access, handler: (ctx) => showList(ctx, records, emptyForm()) },
    {
      method: 'post',
      path,
      access,
      handler: (ctx) =>
        submit(
          ctx,
          fresh,
          async ({ operationKey, name }) => {
            await records.create(ctx, { name }, operationKey);
            return redirect(path, { kind: 'ok', text: ctx.t(words.created, { name }) });
          },
          (form, status) => showList(ctx, records, form, status),
        ),
    },
    { method: 'get', path: one, access, handler: (ctx) => showOne(ctx, records) },
    {
      method: 'post',
      path: one,
      access,
      handler: (ctx) =>
        submit(
          ctx,
          changed,
          async ({ operationKey, ...command }) => {
            await records.update(ctx, { ...command, id: ctx.id() }, operationKey);
            return redirect(path, { kind: 'ok', text: ctx.t(words.saved) });
          },
          (form, status) => showOne(ctx, records, form, status),
        ),
    },
  ];
}

async function showList(
  ctx: Ctx,
  { path, views, words, list }: NamedRecords,
  form: FormState,
  status = 200,
): Promise<Reply> {
  const { t } = ctx;
  const rows = await list(ctx);
  const body = {
    head: { title: t(words.title) },
    list: {
      table: {
        id: path.split('/').at(-1) ?? '',
        caption: t(words.title),
        columns: [
          { key: 'name', label: t(words.name), card: 'title' as const },
          { key: 'state', label: t(words.state), card: 'state' as const },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            { text: row.name, href: `${path}/${row.id}`, strong: true },
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      empty: { title: t(words.empty), text: t(words.emptyHint) },
    },
    form: editForm(form, {
      action: path,
      submit: t(words.create),
      cancelHref: path,
      fields: [{ name: 'name', label: t(words.newName), required: true, maxlength: 60, autocomplete: 'off' }],
    }),
  };
  return page(`${views}/list-and-form`, body.head.title, body, { status });
}

async function showOne(
  ctx: Ctx,
  { path, views, words, subject, list }: NamedRecords,
  typed?: FormState,
  status = 200,
): Promise<Reply> {
  const { t } = ctx;
  const row = (await list(ctx)).find((record) => record.id === ctx.id());
  if (!row) throw notFound(subject, ctx.id());
  const stored = emptyForm({ name: row.name, version: row.version, active: row.active ? '1' : '' });
  const body = {
    head: { title: row.name, crumbs: [{ href: path, label: t(words.title) }] },
    form: editForm(typed ?? stored, {
      action: `${path}/${row.id}`,
      hidden: ['version'],
      submit: t(words.save),
      cancelHref: path,
      fields: [
        { name: 'name', label: t(words.name), required: true, maxlength: 60 },
        { name: 'active', label: t(words.active), type: 'checkbox', wide: true },
      ],
    }),
  };
  return page(`${views}/edit`, row.name, body, { status });
}
