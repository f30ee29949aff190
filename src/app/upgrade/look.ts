// For the pages, which are part of the product that an upgrade opens: nothing here opens a product.
export { createNewsBoard, type NewsBoard } from './news';
export type { Behind } from './follow';
export { mayWrite } from './preconditions';
export { type UpgradeProgress, upgradeProgress } from './progress';
export { releaseNotes } from './release-notes';
export { isAtWork, readUpgrade, upgradeFolder, type UpgradeState } from './state';
export { workSince } from './work-since';
