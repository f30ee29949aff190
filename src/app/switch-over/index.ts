export { crossOver } from './cross-over';
export { createSwitchDesk, type SwitchDesk } from './desk';
export { type SwitchProgress, switchProgress } from './progress';
export { restartsItself } from './restarts-itself';
export { followSwitch, settleSwitch } from './settle-switch';
export { startSwitch, type SwitchContext, type SwitchWish } from './start-switch';
export { isSwitchToken, readSwitch, type SwitchKind, type SwitchState } from './state';
