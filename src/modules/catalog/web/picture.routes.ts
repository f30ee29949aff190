import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { type Ctx, type FormState, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { getProduct } from '../queries/product-page';
import { MAX_PICTURE_BYTES, setProductPicture } from '../use-cases/set-picture';
import { productPage } from './product-view.page';
import { PRODUCTS } from './products.page';

export const pictureRoutes: readonly Route[] = [
  {
    method: 'post',
    path: `${PRODUCTS}/:id/picture`,
    access: { permission: 'catalog.product.edit' },
    upload: { maxBytes: MAX_PICTURE_BYTES, maxFiles: 1, extensions: ['png', 'jpg', 'jpeg', 'webp'] },
    handler: (ctx) =>
      submit(
        ctx,
        z.object({}),
        async () => {
          const [picture] = ctx.files;
          if (!picture) throw invalidField('file', 'catalog:picture.missing');
          await setProductPicture(ctx.services, ctx.actor, {
            id: ctx.id(),
            name: picture.name,
            content: picture.content,
          });
          return redirect(`${PRODUCTS}/${ctx.id()}`, { kind: 'ok', text: ctx.t('catalog:picture.saved') });
        },
        (form, status) => show(ctx, form, status),
      ),
  },
];

async function show(ctx: Ctx, form: FormState, status: number): Promise<Reply> {
  const row = await getProduct(ctx.read, ctx.actor, ctx.id());
  return page('catalog/product', row.name, productPage(ctx, row, form.problems['file'] ?? form.message), { status });
}
