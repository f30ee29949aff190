import type { Ctx } from '../../../platform/http';
import { type ImportRunRow, isWorking } from '../../../platform/imports';
import type { Importer } from '../../../platform/modules';
import type { StatusLabel } from '../../../platform/views';

/** The words of an importer: `catalog.products` → `catalog:import.products.title`. */
export function importerWords(importer: Importer): { title: string; hint: string; column: (key: string) => string } {
  const [module = '', name = ''] = importer.id.split('.');
  return {
    title: `${module}:import.${name}.title`,
    hint: `${module}:import.${name}.hint`,
    column: (key) => `${module}:import.column.${key}`,
  };
}

export type ShownState = ImportRunRow['state'] | 'interrupted';

/** A run that says it works but is not worked on was cut off by a restart: it can be started again. */
export function shownState(run: Pick<ImportRunRow, 'id' | 'state'>): ShownState {
  return (run.state === 'checking' || run.state === 'applying') && !isWorking(run) ? 'interrupted' : run.state;
}

const TONES = {
  mapping: 'hold',
  checking: 'way',
  checked: 'hold',
  applying: 'way',
  done: 'ok',
  failed: 'bad',
  cancelled: 'gone',
  interrupted: 'bad',
} as const;

export function runState(ctx: Pick<Ctx, 't'>, run: Pick<ImportRunRow, 'id' | 'state'>): StatusLabel {
  const state = shownState(run);
  return { tone: TONES[state], text: ctx.t(`imports:state.${state}`) };
}
