import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField } from '../../kernel';
import { type Ctx, fields, redirect, type Reply, type Route, submit } from '../http';
import type { Confirm } from '../views';
import { MAX_ATTACHMENT_BYTES } from './attachments';

const MOST_FILES = 10;

export interface NewFile {
  name: string;
  content: Buffer;
}

/** A kind of document that papers and photographs are kept with. Each work asks for the rights it takes. */
export interface Papers {
  /** Address of the document's page, ending in `:id`; it shows its files at `#attachments`. */
  path: string;
  access: Route['access'];
  /** For the question before one is removed; throws for who may not see the document. */
  number: (ctx: Ctx) => Promise<string>;
  attach: (ctx: Ctx, documentId: number, files: readonly NewFile[]) => Promise<void>;
  detach: (ctx: Ctx, file: { documentId: number; attachmentId: number }, operationKey?: string) => Promise<void>;
  /** The document's page with a message about what went wrong. */
  show: (ctx: Ctx, status: number, message: string) => Promise<Reply>;
  confirm: (ctx: Ctx, confirm: Confirm) => Reply;
}

/** Adding papers to a document and taking one off, after a question. */
export function paperRoutes(papers: Papers): readonly Route[] {
  const { access } = papers;
  const base = `${papers.path}/attachments`;
  return [
    {
      method: 'post',
      path: base,
      access,
      handler: (ctx) => attach(ctx, papers),
      upload: { maxBytes: MAX_ATTACHMENT_BYTES, maxFiles: MOST_FILES },
    },
    { method: 'get', path: `${base}/:attachmentId/removal`, access, handler: (ctx) => ask(ctx, papers) },
    { method: 'post', path: `${base}/:attachmentId/removal`, access, handler: (ctx) => remove(ctx, papers) },
  ];
}

const hrefOf = (ctx: Ctx, { path }: Papers): string => path.replace(':id', String(ctx.id()));

function attach(ctx: Ctx, papers: Papers): Promise<Reply> {
  return submit(
    ctx,
    z.object({}),
    async () => {
      if (ctx.files.length === 0) throw invalidField('file', 'attachments:papers.none');
      const files = ctx.files.map(({ name, content }) => ({ name, content }));
      await papers.attach(ctx, ctx.id(), files);
      const text = ctx.t('attachments:papers.added', { count: ctx.f.number(files.length) });
      return redirect(`${hrefOf(ctx, papers)}#attachments`, { kind: 'ok', text });
    },
    (form, status) => papers.show(ctx, status, form.problems['file'] ?? form.message ?? ''),
  );
}

async function ask(ctx: Ctx, papers: Papers): Promise<Reply> {
  const href = hrefOf(ctx, papers);
  return papers.confirm(ctx, {
    title: ctx.t('attachments:papers.removeAsk', { number: await papers.number(ctx) }),
    effects: [ctx.t('attachments:papers.removeEffect')],
    action: `${href}/attachments/${ctx.id('attachmentId')}/removal`,
    verb: ctx.t('common:action.remove'),
    danger: true,
    cancelHref: href,
    fields: { operationKey: randomUUID() },
  });
}

function remove(ctx: Ctx, papers: Papers): Promise<Reply> {
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey }),
    async ({ operationKey }) => {
      await papers.detach(ctx, { documentId: ctx.id(), attachmentId: ctx.id('attachmentId') }, operationKey);
      const text = ctx.t('attachments:papers.removed');
      return redirect(`${hrefOf(ctx, papers)}#attachments`, { kind: 'ok', text });
    },
    (form, status) => papers.show(ctx, status, form.message ?? ''),
  );
}
