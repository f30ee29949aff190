export { createKeyRing, type KeyRing, openKeyRing } from './key-ring';
export { maskPhone } from './mask-phone';
