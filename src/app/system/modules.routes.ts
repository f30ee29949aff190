import { randomUUID } from 'node:crypto';
import { notFound } from '../../kernel';
import { type Ctx, page, redirect, type Route } from '../../platform/http';
import type { ModuleManifest } from '../../platform/modules';
import type { Action, Confirm } from '../../platform/views';
import { SWITCH_PERMISSION, switchModule } from '../module-store';
import { dependentsOf } from '../module-switches';
import type { SystemPages } from './system-pages';

const access = { permission: SWITCH_PERMISSION };

/** 设置 › 模块: switching off asks first and names what goes off with it; switching on is done at once. */
export function moduleRoutes({ modules, switches }: SystemPages): Route[] {
  const list = async ({ t }: Ctx) => {
    const active = new Set((await switches().active()).map(({ name }) => name));
    const names = (list: readonly string[]): string =>
      list.map((name) => t(`${name}:module`)).join(t('system:modules.comma'));
    const rows = modules.map((manifest) => {
      const { name, needs, core = false } = manifest;
      const on = active.has(name);
      const missing = needs.filter((need) => !active.has(need));
      return {
        name,
        label: t(`${name}:module`),
        say: t(`${name}:moduleSay`),
        on,
        core,
        missing: on || missing.length === 0 ? '' : t('system:modules.missing', { modules: names(missing) }),
        needs: names(needs),
        neededBy: names(modules.filter((other) => other.needs.includes(name)).map((other) => other.name)),
        hides: core ? '' : pagesOf(manifest, t) || t(`${name}:moduleSay`),
        actions: [on ? offAction(manifest, t) : onAction(manifest, t)],
      };
    });
    return page('system/modules', t('system:modules.title'), { rows });
  };

  const change = (on: boolean) => async (ctx: Ctx) => {
    const manifest = find(modules, ctx);
    const operationKey = typeof ctx.body['operationKey'] === 'string' ? ctx.body['operationKey'] : undefined;
    const reason = typeof ctx.body['reason'] === 'string' ? ctx.body['reason'].trim() : '';
    const command = { module: manifest.name, on, ...(reason ? { reason } : {}) };
    await switchModule(ctx.uow, modules, ctx.actor, command, { operationKey });
    switches().refresh();
    const text = ctx.t(on ? 'system:modules.switchedOn' : 'system:modules.switchedOff', {
      module: ctx.t(`${manifest.name}:module`),
    });
    return redirect('/settings/modules', { kind: 'ok', text });
  };

  const ask = async (ctx: Ctx) => {
    const question = offQuestion(find(modules, ctx), modules, ctx.t);
    return page('system/module-off', question.title, question);
  };

  return [
    { method: 'get', path: '/settings/modules', access, handler: list },
    { method: 'get', path: '/settings/modules/:name/switch-off/new', access, handler: ask },
    { method: 'post', path: '/settings/modules/:name/switch-off', access, handler: change(false) },
    { method: 'post', path: '/settings/modules/:name/switch-on', access, handler: change(true) },
  ];
}

/** What is in the menu of a module and goes with it. */
const pagesOf = ({ name, menu }: ModuleManifest, t: Ctx['t']): string =>
  [...new Set(menu.map(({ key }) => t(`${name}:menu.${key}`)))].join(t('system:modules.comma'));

function find(modules: readonly ModuleManifest[], { params }: Ctx): ModuleManifest {
  const manifest = modules.find(({ name }) => name === params['name']);
  if (!manifest) throw notFound('module', (params['name'] ?? '').slice(0, 40));
  return manifest;
}

const offAction = ({ name }: ModuleManifest, t: Ctx['t']): Action => ({
  label: t('system:modules.switchOff'),
  href: `/settings/modules/${name}/switch-off/new`,
  confirm: true,
});

const onAction = ({ name }: ModuleManifest, t: Ctx['t']): Action => ({
  label: t('system:modules.switchOn'),
  href: `/settings/modules/${name}/switch-on`,
  method: 'post',
  fields: { operationKey: randomUUID() },
});

function offQuestion(manifest: ModuleManifest, modules: readonly ModuleManifest[], t: Ctx['t']): Confirm {
  const module = t(`${manifest.name}:module`);
  const dependent = dependentsOf(modules, manifest.name);
  const dependents = dependent.map(({ name }) => t(`${name}:module`));
  const gone = [manifest, ...dependent].map((one) => pagesOf(one, t)).filter(Boolean);
  return {
    title: t('system:modules.askOff', { module }),
    effects: [
      t('system:modules.effectMenu', { module }),
      ...(dependents.length > 0
        ? [t('system:modules.effectDependents', { modules: dependents.join(t('system:modules.comma')) })]
        : []),
      ...(gone.length > 0 ? [t('system:modules.effectPages', { pages: gone.join(t('system:modules.comma')) })] : []),
      t('system:modules.effectData'),
    ],
    action: `/settings/modules/${manifest.name}/switch-off`,
    verb: t('system:modules.switchOff'),
    cancelHref: '/settings/modules',
    reason: { name: 'reason', label: t('system:modules.reason'), maxlength: 200 },
    fields: { operationKey: randomUUID() },
  };
}
