export { isSameProcess, Locked, type LockHolder, lockHolder, startTick, takeLock } from './process-lock';
export { writeWhole } from './write-whole';
