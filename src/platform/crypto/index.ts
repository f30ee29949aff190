export { addKey, dropKey, type KeyFact, keyFacts, mergeKeys, useKey } from './change-keys';
export { parseKeyFile, readKeyFile } from './key-file';
export { createKeyRing, type KeyRing, keyIdOf, openKeyRing, sealedBy } from './key-ring';
export { maskPhone } from './mask-phone';
