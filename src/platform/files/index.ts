export { isSameProcess, Locked, type LockHolder, lockHolder, startTick, takeLock } from './process-lock';
export { makeOwnFolder, type Owner, ownerOf } from './owner';
export { writeWhole } from './write-whole';
