export { assetRoutes, assetVersionOf } from './assets';
export type * from './components';
export { type EditForm, editForm, type EditFormSpec } from './edit-form';
export { type Formatters, formattersFor } from './format';
export { ICON_NAMES, type IconName } from './icon-names';
export { iconPrinter } from './icon';
export type { MenuItem, Page, Theme } from './page';
export { stateLabel, type StateName } from './states';
export { createRenderer, type LayoutName, type ViewRenderer } from './render';
