import { namedRecordRoutes } from '../../../platform/http';
import { listBrands } from '../queries/categories';
import { createBrand, updateBrand } from '../use-cases/save-brand';

export const brandRoutes = namedRecordRoutes({
  path: '/catalog/brands',
  permission: 'catalog.category.edit',
  views: 'catalog',
  subject: 'catalog.brand',
  words: {
    title: 'catalog:brand.title',
    name: 'catalog:brand.name',
    newName: 'catalog:brand.newName',
    state: 'catalog:state',
    active: 'catalog:brand.active',
    create: 'catalog:brand.create',
    created: 'catalog:brand.created',
    save: 'catalog:brand.save',
    saved: 'catalog:saved',
    empty: 'catalog:brand.empty',
    emptyHint: 'catalog:brand.emptyHint',
  },
  list: (ctx) => listBrands(ctx.read),
  create: (ctx, command, operationKey) => createBrand(ctx.uow, ctx.actor, command, { operationKey }),
  update: (ctx, command, operationKey) => updateBrand(ctx.uow, ctx.actor, command, { operationKey }),
});
