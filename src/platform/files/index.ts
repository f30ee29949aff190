export { isSameProcess, Locked, type LockHolder, lockHolder, ownHolder, startTick, takeLock } from './process-lock';
export { writeWhole } from './write-whole';
