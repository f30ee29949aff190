import { z } from 'zod';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { type Action, editForm, type EditForm, stateLabel, type Table } from '../../../platform/views';
import { getLocation, type LocationRow } from '../queries/stores';
import { createLocation, makeDefaultLocation, updateLocation } from '../use-cases/save-location';

const edit = { permission: 'organization.store.edit' };
const STORES = '/organization/stores';
const LOCATIONS = '/organization/locations';

const newLocation = z.object({
  locationCode: fields.required,
  locationName: fields.required,
  operationKey: fields.operationKey,
});

type ShowStore = (ctx: Ctx, storeId: number, form: FormState, status: number) => Promise<Reply>;

/** Places inside a store, edited on the store's page. */
export function locationRoutes(showStore: ShowStore): Route[] {
  return [
    {
      method: 'post',
      path: `${STORES}/:id/locations`,
      access: edit,
      handler: (ctx) =>
        submit(
          ctx,
          newLocation,
          async ({ operationKey, locationCode: code, locationName: name }) => {
            await createLocation(ctx.uow, ctx.actor, { code, name, storeId: ctx.id() }, { operationKey });
            return redirect(`${STORES}/${ctx.id()}`, {
              kind: 'ok',
              text: ctx.t('organization:location.created', { name }),
            });
          },
          (form, status) => showStore(ctx, ctx.id(), form, status),
        ),
    },
    {
      method: 'post',
      path: `${LOCATIONS}/:id/closing`,
      access: edit,
      handler: (ctx) => change(ctx, { active: false }),
    },
    { method: 'post', path: `${LOCATIONS}/:id/opening`, access: edit, handler: (ctx) => change(ctx, { active: true }) },
    {
      method: 'post',
      path: `${LOCATIONS}/:id/default`,
      access: edit,
      handler: async (ctx) => {
        const row = await getLocation(ctx.read, ctx.id());
        await makeDefaultLocation(ctx.uow, ctx.actor, row.id);
        return redirect(`${STORES}/${row.storeId}`, {
          kind: 'ok',
          text: ctx.t('organization:location.madeDefault', { name: row.name }),
        });
      },
    },
  ];
}

async function change(ctx: Ctx, { active }: { active: boolean }): Promise<Reply> {
  const row = await getLocation(ctx.read, ctx.id());
  await updateLocation(ctx.uow, ctx.actor, { id: row.id, name: row.name, active });
  return redirect(`${STORES}/${row.storeId}`, { kind: 'ok', text: ctx.t('organization:saved') });
}

export interface LocationCard {
  table: Table;
  form: EditForm | null;
}

export function locationCard(
  ctx: Ctx,
  storeId: number,
  rows: readonly LocationRow[],
  typed: FormState | null,
  mayEdit: boolean,
): LocationCard {
  const { t } = ctx;
  return {
    table: {
      id: 'locations',
      caption: t('organization:location.title'),
      columns: [
        { key: 'name', label: t('organization:name'), card: 'title' },
        { key: 'code', label: t('organization:code') },
        { key: 'state', label: t('organization:state'), card: 'state' },
        { key: 'actions', label: t('organization:location.actions'), quiet: true, card: 'full' },
      ],
      rows: rows.map((row) => ({
        id: row.id,
        label: row.name,
        cells: [
          {
            text: row.name,
            strong: row.isDefault,
            ...(row.isDefault ? { aside: t('organization:location.default') } : {}),
          },
          row.code,
          { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          { actions: mayEdit ? actionsOf(ctx, row) : [] },
        ],
      })),
    },
    form: mayEdit
      ? editForm(typed ?? emptyForm(), {
          action: `${STORES}/${storeId}/locations`,
          plain: true,
          submit: t('organization:location.create'),
          cancelHref: `${STORES}/${storeId}`,
          fields: [
            {
              name: 'locationCode',
              label: t('organization:code'),
              required: true,
              maxlength: 12,
              hint: t('organization:location.codeHint'),
              autocomplete: 'off',
            },
            {
              name: 'locationName',
              label: t('organization:name'),
              required: true,
              maxlength: 60,
              placeholder: t('organization:location.nameExample'),
            },
          ],
        })
      : null,
  };
}

function actionsOf({ t }: Ctx, row: LocationRow): Action[] {
  if (row.isDefault) return [];
  const post = (label: string, verb: string): Action => ({
    label,
    href: `${LOCATIONS}/${row.id}/${verb}`,
    method: 'post',
  });
  if (!row.active) return [post(t('organization:location.reopen'), 'opening')];
  return [post(t('organization:location.makeDefault'), 'default'), post(t('organization:location.close'), 'closing')];
}
