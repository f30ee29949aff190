export type { PlanStep, ServiceKind, ServiceSettings, ServiceState } from './plan';
export { printPlan } from './print-plan';
export { closedFolder } from './closed-folder';
export { carryOut, isOfAnother, type Machine, mayInstall, serviceKind, serviceState, thisMachine } from './service';
export { serviceSettings, type SettingsSources, throughCurrent } from './settings';
export { systemd } from './systemd';
export { windowsTask } from './windows';
