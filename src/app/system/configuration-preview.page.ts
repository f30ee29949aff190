import { type Ctx, emptyForm, type FormState, page, type Reply } from '../../platform/http';
import type { FileProblem } from '../../platform/configuration';
import type { ModuleManifest } from '../../platform/modules';
import { editForm, type Field } from '../../platform/views';
import { type FilePreview, type Preview, previewImport, previewRollback } from '../configuration';
import { changeTable, CONFIGURATION, revisionHref, sayKept } from './configuration.page';

export function showUpload(ctx: Ctx, error?: string): Reply {
  const { t } = ctx;
  const title = t('configuration:importTitle');
  const model = {
    head: { title, crumbs: [{ label: t('configuration:title'), href: CONFIGURATION }] },
    action: `${CONFIGURATION}/import`,
    errors: error ? { errors: [{ field: 'file', message: error }] } : null,
  };
  return page('system/import-configuration', title, model, { status: error ? 422 : 200 });
}

export async function showImport(
  ctx: Ctx,
  modules: readonly ModuleManifest[],
  text: string,
  typed?: FormState,
  status?: number,
): Promise<Reply> {
  const { t } = ctx;
  const { problems, file: read, preview }: FilePreview = await previewImport(ctx.read, modules, text);
  const title = t('configuration:importTitle');
  const head = { title, crumbs: [{ label: t('configuration:title'), href: CONFIGURATION }] };
  if (problems.length > 0 || !preview)
    return page(
      'system/preview-configuration',
      title,
      {
        head,
        messages: [{ tone: 'bad', title: t('configuration:error.problems', { count: problems.length }) }],
        problems: problemTable(ctx, problems),
        changes: null,
        form: null,
        backHref: `${CONFIGURATION}/import`,
      },
      { status: 422 },
    );
  const notes = read?.checksum === 'changed' ? [{ tone: 'hold', title: t('configuration:edited') }] : [];
  return showPreview(ctx, preview, {
    head,
    notes,
    action: `${CONFIGURATION}/import/apply`,
    verb: t('configuration:importVerb'),
    hidden: { text },
    backHref: `${CONFIGURATION}/import`,
    typed,
    status,
  });
}

export async function showRollback(
  ctx: Ctx,
  modules: readonly ModuleManifest[],
  revision: number,
  typed?: FormState,
  status?: number,
): Promise<Reply> {
  const { t } = ctx;
  const preview = await previewRollback(ctx.read, modules, revision);
  const title = t('configuration:rollbackTitle', { revision });
  return showPreview(ctx, preview, {
    head: {
      title,
      crumbs: [
        { label: t('configuration:title'), href: CONFIGURATION },
        { label: t('configuration:revisionOf', { revision }), href: revisionHref(revision) },
      ],
    },
    notes: [],
    action: `${revisionHref(revision)}/rollback`,
    verb: t('configuration:rollback'),
    hidden: {},
    backHref: revisionHref(revision),
    typed,
    status,
  });
}

interface PreviewPage {
  head: { title: string; crumbs: { label: string; href: string }[] };
  notes: { tone: string; title: string }[];
  action: string;
  verb: string;
  hidden: Record<string, string>;
  backHref: string;
  typed: FormState | undefined;
  status: number | undefined;
}

/** What will change and what stays, and the question why; the same for a file and for an earlier revision. */
function showPreview(ctx: Ctx, { plan, seenRevision }: Preview, spec: PreviewPage): Reply {
  const { t } = ctx;
  const kept = sayKept(ctx, plan);
  const reason: Field = {
    name: 'reason',
    label: t('configuration:reason'),
    hint: t('configuration:reasonHint'),
    required: true,
    wide: true,
  };
  const values = { ...spec.typed?.values, ...spec.hidden, seenRevision: String(seenRevision) };
  const form: FormState = { ...(spec.typed ?? emptyForm()), values };
  const model = {
    head: spec.head,
    messages: [
      ...spec.notes,
      ...(kept.length > 0 ? [{ tone: 'hold', title: t('configuration:keptTitle'), items: kept }] : []),
      ...(plan.changes.length === 0 ? [{ tone: 'ok', title: t('configuration:error.nothing') }] : []),
    ],
    problems: null,
    changes: plan.changes.length > 0 ? changeTable(ctx, plan.changes) : null,
    form:
      plan.changes.length > 0
        ? editForm(form, {
            action: spec.action,
            submit: spec.verb,
            cancelHref: spec.backHref,
            fields: [reason],
            hidden: [...Object.keys(spec.hidden), 'seenRevision'],
          })
        : null,
    backHref: spec.backHref,
  };
  return page('system/preview-configuration', spec.head.title, model, { status: spec.status ?? 200 });
}

function problemTable({ t }: Ctx, problems: readonly FileProblem[]) {
  return {
    id: 'problems',
    caption: t('configuration:problems'),
    columns: [
      { key: 'line', label: t('configuration:line'), num: true, card: 'number' as const },
      { key: 'place', label: t('configuration:place'), card: 'title' as const },
      { key: 'problem', label: t('configuration:problemTitle'), card: 'full' as const },
    ],
    rows: problems.map(({ line, place, code, details }, id) => ({
      id,
      cells: [line === null ? null : String(line), place, t(code, details)],
    })),
  };
}
