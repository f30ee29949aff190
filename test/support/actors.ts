import type { Actor, StoreScope } from '../../src/platform/permissions';

/** An actor with exactly these permissions. */
export function actorWith(scopes: Readonly<Record<string, StoreScope>>, name = '测试员'): Actor {
  return {
    kind: 'user',
    userId: 77,
    name,
    staffId: null,
    locale: 'zh-CN',
    scope: (permission) => scopes[permission] ?? [],
  };
}
