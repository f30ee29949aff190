/**
 * Whether a server that gives way comes back by itself: the system lets a program take the place of another, or somebody looks after
 * it as a service. The host of the Windows service starts it with this option.
 */
export const restartsItself = (): boolean =>
  process.platform === 'win32' ? process.argv.includes('--until-stdin-ends') : typeof process.execve === 'function';
