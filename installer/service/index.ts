export type { PlanStep, ServiceKind, ServiceSettings, ServiceState } from './plan';
export { printPlan } from './print-plan';
export { carryOut, type Machine, mayInstall, serviceKind, serviceState } from './service';
export { serviceSettings, type SettingsSources, throughCurrent } from './settings';
export { systemd } from './systemd';
export { windowsTask } from './windows';
