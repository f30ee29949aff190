export { isSealed } from './frames';
export { readSealed, readSealedWhole, resealFile, sealedWith, writeSealed } from './sealed-file';
