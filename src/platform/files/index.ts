export { isSameProcess, Locked, type LockHolder, lockHolder, startTick, takeLock } from './process-lock';
export { giveTo, makeOwnFolder, type Owner, ownerOf } from './owner';
export { writeWhole } from './write-whole';
