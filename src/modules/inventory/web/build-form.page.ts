import { findByNumbers } from '../../../ledger';
import { type Ctx, emptyForm, type FormState, page, type Reply } from '../../../platform/http';
import { editForm, type Field, type OptionGroup } from '../../../platform/views';
import { listStores, locationsOf } from '../../organization';
import { BUILD_KINDS, type BuildKind, PART_BUCKETS } from '../domain/build';
import { EDIT_BUILDS } from '../use-cases/create-build';
import { BUILDS } from './build-words';

/** Locations of the stores in which the reader may; those of the store in the top bar first. */
async function placeField(ctx: Ctx): Promise<Field> {
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(EDIT_BUILDS, id));
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const options: OptionGroup[] = [];
  for (const { id, name } of stores)
    options.push({
      label: name,
      options: (await locationsOf(ctx.read, id)).map((one) => ({ value: one.id, label: `${name} ${one.name}` })),
    });
  return { name: 'locationId', label: ctx.t('inventory:build.place'), type: 'select', required: true, options };
}

const word = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 60) : '');

/** With `?number=` the device that is to be taken apart, at the place where it is. */
async function freshForm(ctx: Ctx, kind: BuildKind): Promise<FormState> {
  const number = word(ctx.query['number']);
  const [found] = number === '' ? [] : (await findByNumbers(ctx.read, [number])).filter(({ active }) => active);
  return emptyForm({
    kind,
    code: word(ctx.query['code']),
    pieces: 1,
    bucket: 'sellable',
    numbers: number,
    locationId: found?.locationId ?? null,
  });
}

export async function showNewBuild(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const asked = form ? form.values['kind'] : ctx.query['kind'];
  const kind = BUILD_KINDS.find((one) => one === asked) ?? 'assemble';
  const title = t(`inventory:build.new.${kind}`);
  const parts: Field = {
    name: 'bucket',
    label: t('inventory:build.partsAs'),
    type: 'select',
    options: PART_BUCKETS.map((value) => ({ value, label: t(`inventory:bucket.${value}`) })),
  };
  const model = {
    head: {
      title,
      say: t(`inventory:build.newSay.${kind}`),
      crumbs: [{ label: t('inventory:build.list'), href: BUILDS }],
    },
    form: editForm(form ?? (await freshForm(ctx, kind)), {
      action: BUILDS,
      cancelHref: BUILDS,
      submit: t('inventory:build.create'),
      columns: true,
      hidden: ['kind'],
      fields: [
        await placeField(ctx),
        {
          name: 'code',
          label: t('inventory:build.code'),
          maxlength: 60,
          required: kind === 'assemble',
          hint: t(`inventory:build.codeHint.${kind}`),
        },
        { name: 'pieces', label: t('inventory:build.pieces'), required: true },
        ...(kind === 'take_apart' ? [parts] : []),
        {
          name: 'numbers',
          label: t('inventory:build.numbers'),
          type: 'textarea',
          rows: 4,
          wide: true,
          optional: true,
          countLines: true,
          hint: t(`inventory:build.numbersHint.${kind}`),
        },
        { name: 'note', label: t('inventory:change.note'), maxlength: 400, optional: true, wide: true },
      ],
    }),
  };
  return page('inventory/number-form', title, model, { status });
}
