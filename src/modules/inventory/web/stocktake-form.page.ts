import { type Ctx, type FormState } from '../../../platform/http';
import { editForm, type EditForm, type PageHead } from '../../../platform/views';
import { listBrands, listCategories } from '../../catalog';
import { listStores, locationsOf } from '../../organization';

export interface StocktakeFormPage {
  head: PageHead;
  form: EditForm;
}

export async function stocktakeFormPage(ctx: Ctx, form: FormState): Promise<StocktakeFormPage> {
  const { t } = ctx;
  const field = <M extends object>(name: string, more: M) => ({
    name,
    label: t(`inventory:stocktake.form.${name}`),
    ...more,
  });
  const stores = (await listStores(ctx.read)).filter((store) => ctx.can('inventory.stocktake.plan', store.id));
  // The store chosen above comes first: the first location is the one that is chosen.
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const places = [];
  for (const store of stores) places.push({ store, locations: await locationsOf(ctx.read, store.id) });
  const categories = await listCategories(ctx.read);
  const brands = await listBrands(ctx.read);
  return {
    head: {
      title: t('inventory:stocktake.new'),
      crumbs: [{ label: t('inventory:stocktake.list'), href: '/inventory/stocktakes' }],
    },
    form: editForm(form, {
      action: '/inventory/stocktakes',
      cancelHref: '/inventory/stocktakes',
      submit: t('inventory:stocktake.form.submit'),
      columns: true,
      fields: [
        field('locationId', {
          type: 'select',
          required: true,
          choose: false,
          options: places.map(({ store, locations }) => ({
            label: store.name,
            options: locations.map(({ id, name }) => ({ value: id, label: `${store.name} ${name}` })),
          })),
        }),
        field('category', {
          type: 'select',
          choose: t('inventory:stocktake.form.allCategories'),
          options: categories.map(({ id, path }) => ({ value: id, label: path })),
        }),
        field('brand', {
          type: 'select',
          choose: t('inventory:device.allBrands'),
          options: brands.map(({ id, name }) => ({ value: id, label: name })),
        }),
        field('blind', { type: 'checkbox', value: '1', hint: t('inventory:stocktake.form.blindHint') }),
        field('frozen', { type: 'checkbox', value: '1', hint: t('inventory:stocktake.form.frozenHint') }),
        field('skus', {
          type: 'textarea',
          rows: 4,
          optional: true,
          wide: true,
          hint: t('inventory:stocktake.form.skusHint'),
        }),
        field('note', { maxlength: 400, optional: true, wide: true }),
      ],
    }),
  };
}
